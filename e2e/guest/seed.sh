# The NoCloud seed: a disk labelled cidata with meta-data, user-data and perhaps network-config.
# Of cloud-config this guest knows: hostname, fqdn, ssh_authorized_keys, users, write_files, bootcmd, runcmd.
# A user-data that starts with "#!" is run as a script. (witness_period_seconds is this guest's own.)

seed_mount() {
  local device file
  device=$(seed_device)
  if [ -n "$device" ]; then
    insmod_all /lib/modules/seed-iso
    if ! mount -t iso9660 -o ro "$device" /seed 2>/dev/null; then
      insmod_all /lib/modules/seed-fat
      mount -t vfat -o ro "$device" /seed || device=
    fi
  fi
  say "seed on ${device:-no disk}"
  for file in meta-data user-data network-config; do seed_parse $file; done
}

# findfs gives up on disks below 68 KiB, which a seed may be: the label of an ISO 9660 disk is read by hand.
seed_device() {
  local device label
  for device in /dev/vd[b-z] /dev/sd? /dev/sr?; do
    if [ ! -b "$device" ]; then continue; fi
    case $(dd if="$device" bs=8 skip=4101 count=1 2>/dev/null) in cidata* | CIDATA*)
      echo "$device"
      return
      ;;
    esac
  done
  for label in cidata CIDATA; do
    if findfs "LABEL=$label" 2>/dev/null; then return; fi
  done
}

seed_parse() { # FILE; a user-data that is a script is no YAML
  local line=
  : >"/run/$1"
  if [ ! -f "/seed/$1" ]; then return; fi
  read -r line <"/seed/$1"
  case $line in '#!'*) cp "/seed/$1" /run/runcmd ;; *) awk -f /lib/guest/yaml.awk "/seed/$1" >"/run/$1" ;; esac
}

# What nearly every seed has is read in one pass without starting a process: that is a tenth of a second less.
seed_apply() {
  local key value name='' fqdn='' instance=none period=1 users='' files=''
  mkdir -p /root/.ssh
  while IFS='	' read -r key value; do
    case $key in
      instance-id) instance=$value ;;
      hostname) name=$value ;;
      local-hostname) : "${name:=$value}" ;;
      fqdn) fqdn=$value ;;
      ssh_authorized_keys.* | public-keys.*) echo "$value" >>/root/.ssh/authorized_keys ;;
      witness_period_seconds) period=$value ;;
      users.*.name) users=yes ;;
      write_files.*) files=yes ;;
    esac
  done <<END
$(cat /run/meta-data /run/user-data)
END
  : "${name:=${fqdn:-tiny}}"
  name=${name%%.*}
  echo "$name" >/proc/sys/kernel/hostname
  echo "127.0.0.1 localhost $name" >/etc/hosts
  echo "$instance" >/run/instance-id
  echo "$period" >/run/witness-period
  if [ -n "$users" ]; then seed_users; fi
  if [ -n "$files" ]; then seed_files; fi
  chmod -R go= /root/.ssh
}

# seed_value FILE KEY: one scalar, the escapes undone. seed_values: every scalar below KEY.
seed_value() { printf '%b' "$(awk -F '\t' -v key="$2" '$1 == key { print $2; exit }' "/run/$1")"; }
seed_values() { awk -F '\t' -v key="$2." 'index($1, key) == 1 { print $2 }' "/run/$1"; }
seed_has() { grep -q "^$2[.	]" "/run/$1"; }

seed_users() {
  index=0
  uid=1000
  while seed_has user-data "users.$index"; do
    user=$(seed_value user-data "users.$index.name")
    if [ -n "$user" ] && [ "$user" != root ]; then
      echo "$user:x:$uid:$uid::/home/$user:/bin/sh" >>/etc/passwd
      echo "$user:x:$uid:" >>/etc/group
      mkdir -p "/home/$user/.ssh"
      seed_values user-data "users.$index.ssh_authorized_keys" >"/home/$user/.ssh/authorized_keys"
      chmod -R go= "/home/$user"
      chown -R "$uid:$uid" "/home/$user"
      uid=$((uid + 1))
    elif [ "$user" = root ]; then
      seed_values user-data "users.$index.ssh_authorized_keys" >>/root/.ssh/authorized_keys
    fi
    index=$((index + 1))
  done
}

seed_files() {
  index=0
  while seed_has user-data "write_files.$index"; do
    entry=write_files.$index
    path=$(seed_value user-data "$entry.path")
    mkdir -p "${path%/*}"
    [ "$(seed_value user-data "$entry.append")" = true ] || : >"$path"
    case $(seed_value user-data "$entry.encoding") in
    b64 | base64) seed_value user-data "$entry.content" | base64 -d >>"$path" ;;
    *) seed_value user-data "$entry.content" >>"$path" ;;
    esac
    mode=$(seed_value user-data "$entry.permissions")
    [ -z "$mode" ] || chmod "$mode" "$path"
    owner=$(seed_value user-data "$entry.owner")
    [ -z "$owner" ] || chown "$owner" "$path"
    index=$((index + 1))
  done
}

# A list of commands as one shell script: a string is taken as it is, a list is quoted word by word.
seed_script() {
  awk -F '\t' -v list="$1" '
    function unescape(text) {
      gsub(/\\\\/, "\001", text); gsub(/\\n/, "\n", text); gsub("\001", "\\", text); return text
    }
    index($1, list ".") == 1 {
      count = split(substr($1, length(list) + 2), key, ".")
      if (key[1] != item) { if (NR > 1) print line; line = ""; item = key[1] }
      word = unescape($2)
      if (count > 1) { gsub(/\047/, "\047\\\047\047", word); word = "\047" word "\047" }
      line = line (line == "" ? "" : " ") word
    }
    END { print line }' /run/user-data
}

seed_scripts_before() {
  if seed_has user-data bootcmd; then seed_script bootcmd >/run/bootcmd && sh /run/bootcmd; fi
}

# Once per instance, as cloud-init does it: a restart does not run them again, a new instance id does.
seed_scripts_after() {
  if seed_has user-data runcmd; then seed_script runcmd >/run/runcmd; fi
  if [ ! -s /run/runcmd ]; then return 0; fi
  read -r instance </run/instance-id
  done_file=/data/once/$(echo "$instance" | tr -c 'A-Za-z0-9._\n-' _)
  if [ -f "$done_file" ]; then echo skipped >/run/runcmd.state; return 0; fi
  echo running >/run/runcmd.state
  cd /root
  chmod +x /run/runcmd
  if read -r line </run/runcmd && [ "${line#\#!}" != "$line" ]; then /run/runcmd; else sh /run/runcmd; fi
  code=$?
  mkdir -p /data/once
  echo "$code" >"$done_file"
  sync
  echo "$code" >/run/runcmd.state
  say "RUNCMD exit=$code"
}
