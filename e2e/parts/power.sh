# A power controller that speaks Redfish: sushy-tools' emulator, whose machines are the domains of one host. It is asked
# over TLS and with an account, as the power controllers of real machines are.
#
# $LAB/power/account      its account, username:password
# $LAB/power/emulator.py  its settings

POWER=$LAB/power
POWER_PORT=18443
POWER_HOST=h3
POWER_URL=https://$MGMT:$POWER_PORT
POWER_REQUIREMENTS=$PARTS/power/requirements.txt

# The bindings of libvirt come from Debian, as libvirt does.
power_packages() {
  if ! lab_without power; then echo python3-libvirt python3-venv; fi
}

power_up() {
  local python
  if lab_without power; then return 0; fi
  power_build
  python=$(power_directory)/bin/python3
  mkdir -p "$POWER/state"
  [ -e "$LAB/pki/power.crt" ] || pki_issue power /CN=power "IP:$MGMT" ec
  [ -e "$POWER/account" ] || power_account "$python"
  power_settings >"$POWER/emulator.py"
  start_daemon power env "TMPDIR=$POWER/state" "$python" -m sushy_tools.emulator.main --config "$POWER/emulator.py"
  wait_for 20 power_answers
}

power_directory() {
  local hash
  hash=$(sha256sum <"$POWER_REQUIREMENTS")
  echo "$CACHE/power-${hash:0:16}"
}

power_build() {
  local dir new
  dir=$(power_directory)
  new=$dir.new.$$
  if [ -e "$dir" ]; then return 0; fi
  /usr/bin/python3 -m venv --system-site-packages "$new"
  # All of them, also those that the machine has now and may lose.
  "$new/bin/pip" install --quiet --ignore-installed --requirement "$POWER_REQUIREMENTS"
  mv "$new" "$dir"
}

# The emulator wants the password hashed, and hashes at every request: 4 is the least that bcrypt takes.
power_account() { # PYTHON
  local password
  password=$(openssl rand -hex 16)
  printf 'operator:%s\n' "$("$1" -c 'import bcrypt, sys
print(bcrypt.hashpw(sys.stdin.read().strip().encode(), bcrypt.gensalt(4)).decode())' <<<"$password")" >"$POWER/passwords"
  echo "operator:$password" >"$POWER/account"
}

power_settings() {
  cat <<C
SUSHY_EMULATOR_LISTEN_IP = "$MGMT"
SUSHY_EMULATOR_LISTEN_PORT = $POWER_PORT
SUSHY_EMULATOR_SSL_CERT = "$LAB/pki/power.crt"
SUSHY_EMULATOR_SSL_KEY = "$LAB/pki/power.key"
SUSHY_EMULATOR_AUTH_FILE = "$POWER/passwords"
SUSHY_EMULATOR_LIBVIRT_URI = "$(hosts_uri "$POWER_HOST")?pkipath=$LAB/pki/client"
SUSHY_EMULATOR_FEATURE_SET = "minimum"
SUSHY_EMULATOR_STATE_DIR = "$POWER/state"
C
}

# Whether the emulator does; its host may be off.
power_answers() {
  curl --silent --show-error --fail --noproxy '*' --max-time 3 --cacert "$LAB/pki/ca.crt" "$POWER_URL/redfish/v1" >/dev/null
}

power_env() {
  if [ ! -e "$POWER/account" ]; then return 0; fi
  cat <<EXPORTS
export KUMIKO_REDFISH=$POWER_URL
export KUMIKO_REDFISH_ACCOUNT=$POWER/account
export KUMIKO_REDFISH_MACHINES=$(hosts_uri "$POWER_HOST")
EXPORTS
}

power_down() {
  stop_daemon power 1
  rm -rf "$POWER"
}

power_status() {
  if [ ! -e "$POWER/account" ]; then
    echo none
    return 0
  fi
  power_answers && echo "$POWER_URL, machines of $POWER_HOST"
}

power_logs() { ls "$LAB"/log/part-power.log "$LAB"/log/power.log 2>/dev/null; }
