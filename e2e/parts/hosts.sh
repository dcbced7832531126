# Three libvirt hosts: each a network, mount, PID, IPC and UTS namespace with a libvirtd of its own,
# reached over TLS with a client certificate and in no other way.
#
# Killing process 1 of a host is pulling its power cord. $LAB/hosts/NAME/disk survives that.

hosts_packages() {
  echo libvirt-daemon libvirt-daemon-driver-qemu libvirt-daemon-driver-storage-rbd libvirt-clients
  echo qemu-system-x86 qemu-block-extra qemu-utils
}

hosts_up() {
  local host
  for host in $HOSTS; do
    hosts_make "$host"
    hosts_on "$host"
  done
  hosts_wait_for_all
}

hosts_wait_for_all() {
  local host
  for host in $HOSTS; do wait_for 20 hosts_answers "$host" & done
  wait
  for host in $HOSTS; do hosts_answers "$host"; done
}

hosts_uri() { echo "qemu+tls://$(mgmt_of "$1")/system"; }
hosts_virsh() { # HOST ARGS…
  virsh -q -c "$(hosts_uri "$1")?pkipath=$LAB/pki/client" "${@:2}"
}
hosts_answers() { timeout 5 virsh -q -c "$(hosts_uri "$1")?pkipath=$LAB/pki/client" version; }

hosts_make() { # HOST
  local host=$1 disk=$LAB/hosts/$1/disk
  if [ -e "$disk/complete" ]; then return 0; fi
  mkdir -p "$disk"/etc/libvirt/pki "$disk"/var/{lib,cache,log}/libvirt
  hosts_mount_points
  hosts_certificates "$host" "$disk/etc/libvirt/pki"
  hosts_peer_certificates "$disk/etc/pki"
  hosts_libvirtd_conf "$host" >"$disk/etc/libvirt/libvirtd.conf"
  hosts_qemu_conf "$host" >"$disk/etc/libvirt/qemu.conf"
  {
    echo "127.0.0.1 localhost"
    for host in $HOSTS; do echo "$(mgmt_of "$host") $host"; done
  } >"$disk/etc/hosts"
  touch "$disk/complete"
}

# What the machine lacks of these is made, remembered, and removed again by `down`.
hosts_mount_points() {
  local path
  for path in /etc/libvirt /etc/pki /var/lib/libvirt /var/cache/libvirt /var/log/libvirt; do
    if [ -d "$path" ]; then continue; fi
    echo "$path" >>"$LAB/hosts/mount-points"
    mkdir "$path"
  done
}

# The names QEMU and libvirt look for, each in its own fashion.
hosts_certificates() { # HOST DIR
  local role
  cp "$LAB/pki/ca.crt" "$2/ca-cert.pem"
  for role in server client; do
    cp "$LAB/pki/$1.crt" "$2/$role-cert.pem"
    cp "$LAB/pki/$1.key" "$2/$role-key.pem"
  done
  ln -sf ca-cert.pem "$2/cacert.pem"
  ln -sf client-cert.pem "$2/clientcert.pem"
  ln -sf client-key.pem "$2/clientkey.pem"
}

# Where libvirtd looks when it calls another one, to move a guest there.
hosts_peer_certificates() { # DIR
  mkdir -p "$1/CA" "$1/libvirt/private"
  ln -sf /etc/libvirt/pki/cacert.pem "$1/CA/cacert.pem"
  ln -sf /etc/libvirt/pki/clientcert.pem "$1/libvirt/clientcert.pem"
  ln -sf /etc/libvirt/pki/clientkey.pem "$1/libvirt/private/clientkey.pem"
}

hosts_libvirtd_conf() { # HOST
  cat <<C
host_uuid = "00000000-0000-4000-8000-00000000000${1#h}"
unix_sock_group = "root"
auth_unix_ro = "none"
auth_unix_rw = "none"
listen_tcp = 0
listen_tls = 1
listen_addr = "$(mgmt_of "$1")"
auth_tls = "none"
tls_no_verify_certificate = 0
tls_allowed_dn_list = [ "CN=kumiko-operator", "CN=h1", "CN=h2", "CN=h3" ]
ca_file = "/etc/libvirt/pki/ca-cert.pem"
cert_file = "/etc/libvirt/pki/server-cert.pem"
key_file = "/etc/libvirt/pki/server-key.pem"
keepalive_interval = 5
keepalive_count = 3
max_clients = 200
log_level = 3
log_outputs = "3:file:/var/log/libvirt/libvirtd.log"
C
}

hosts_qemu_conf() { # HOST
  cat <<C
user = "root"
group = "root"
dynamic_ownership = 0
remember_owner = 0
security_driver = "none"
security_default_confined = 0
namespaces = [ ]
cgroup_controllers = [ ]
seccomp_sandbox = 0
stdio_handler = "file"
default_tls_x509_cert_dir = "/etc/libvirt/pki"
default_tls_x509_verify = 1
migration_host = "$(mgmt_of "$1")"
migration_address = "0.0.0.0"
C
}

hosts_on() { # HOST
  local host=$1 home=$LAB/hosts/$1
  rm -f "$home/run/mute"
  if daemon_running "host-$host"; then return 0; fi
  rm -rf "$home/run"
  mkdir -p "$home/run"
  start_daemon "host-$host" in_host "$host" \
    env "HOST=$host" "DISK=$home/disk" "VOLATILE=$home/run" "HOSTS_FILE=$home/disk/etc/hosts" "PARTS=$PARTS" \
    "OVS_RUNDIR=$LAB/fabric/$host" \
    unshare --mount --uts --ipc --pid --fork --kill-child "$PARTS/host/init.sh"
}

hosts_off() { # HOST
  local first inside
  inside=$(hosts_processes "$1")
  if first=$(hosts_first_process "$1"); then kill -KILL "$first"; fi
  stop_daemon "host-$1" 0
  wait_for 10 hosts_processes_gone $inside
}

hosts_processes_gone() { # PIDS…
  local pid
  for pid in "$@"; do
    if [ -e "/proc/$pid" ] && ! grep -q '^State:.Z' "/proc/$pid/status" 2>/dev/null; then return 1; fi
  done
}

hosts_first_process() { # HOST
  local leader
  leader=$(daemon_pid "host-$1") && pgrep -P "$leader"
}

# Every process in the PID namespace of a host.
hosts_processes() { # HOST
  local first namespace entry
  first=$(hosts_first_process "$1") || return 0
  namespace=$(readlink "/proc/$first/ns/pid")
  for entry in /proc/[0-9]*; do
    if [ "$(readlink "$entry/ns/pid" 2>/dev/null)" = "$namespace" ]; then echo "${entry#/proc/}"; fi
  done
}

# libvirtd alone dies and is started again a second later; its guests run on.
hosts_crash() { # HOST
  local pid
  for pid in $(hosts_processes "$1"); do
    if [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = libvirtd ]; then kill -KILL "$pid"; fi
  done
}

# libvirtd alone is ended and stays so until the host is turned on.
hosts_mute() { # HOST
  if ! daemon_running "host-$1"; then fail "host $1 is off"; fi
  touch "$LAB/hosts/$1/run/mute"
  hosts_crash "$1"
}

# The definitions of its domains, as a disk that died takes them along.
hosts_wipe() { # HOST
  if daemon_running "host-$1"; then fail "host $1 is on"; fi
  rm -rf "$LAB/hosts/$1"/disk/etc/libvirt/qemu
}

# Twice, because a process may be born while the first round goes on.
hosts_freeze() { signal STOP "$(hosts_processes "$1")" && signal STOP "$(hosts_processes "$1")"; }
hosts_thaw() { signal CONT "$(hosts_processes "$1")"; }

hosts_down() {
  local host path
  for host in $HOSTS; do hosts_off "$host"; done
  while read -r path; do rmdir "$path"; done < <(cat "$LAB/hosts/mount-points" 2>/dev/null)
  rm -rf "$LAB/hosts"
}

hosts_status() {
  local host line="" bad=0
  for host in $HOSTS; do
    if ! daemon_running "host-$host"; then
      line+=" $host:off"
      bad=1
    elif ! hosts_answers "$host" >/dev/null 2>&1; then
      line+=" $host:silent"
      bad=1
    else
      line+=" $host:$(hosts_virsh "$host" list --name | grep -c .) guests"
    fi
  done
  echo "$line"
  return "$bad"
}

hosts_logs() { ls "$LAB"/log/part-hosts.log "$LAB"/log/host-*.log "$LAB"/hosts/*/disk/var/log/libvirt/libvirtd.log 2>/dev/null; }
