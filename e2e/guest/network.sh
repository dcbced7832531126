# Addresses of every eth*: what the seed's network-config (version 2) says, DHCP for the others.

network_up() {
  for path in /sys/class/net/eth*; do
    [ -e "$path" ] || continue
    nic=${path##*/}
    ip link set "$nic" up
    entry=
    [ ! -s /run/network-config ] || entry=$(network_entry "$nic")
    if [ -n "$entry" ] && [ -n "$(network_value "$entry" addresses.0)" ]; then
      network_static "$nic" "$entry"
    else
      # -b after the first burst of requests: an address that comes late is still taken.
      udhcpc -i "$nic" -s /lib/guest/dhcp.sh -O staticroutes -O mtu -t 10 -T 1 -A 2 -b >/run/net/$nic.log 2>&1 &
    fi
  done
}

# The entry of /run/network-config that speaks of one card: by its MAC address, else by its name.
network_entry() {
  read -r mac <"/sys/class/net/$1/address"
  awk -F '\t' -v nic="$1" -v mac="$mac" '
    { sub(/^(network\.)?ethernets\./, "", $1); split($1, key, ".") }
    $1 ~ /\.match\.macaddress$/ && tolower($2) == mac { byMac = key[1] }
    $1 ~ /\.match\.macaddress$/ { matched[key[1]] = 1 }
    key[1] == nic { byName = nic }
    END { print byMac != "" ? byMac : matched[byName] ? "" : byName }' /run/network-config
}

network_value() {
  awk -F '\t' -v key="ethernets.$1.$2" '{ sub(/^network\./, "", $1) } $1 == key { print $2; exit }' /run/network-config
}

network_values() { # every element of a list
  awk -F '\t' -v key="ethernets.$1.$2." \
    '{ sub(/^network\./, "", $1) } index($1, key) == 1 { print $2 }' /run/network-config
}

network_static() {
  for address in $(network_values "$2" addresses); do ip addr add "$address" dev "$1"; done
  mtu=$(network_value "$2" mtu)
  [ -z "$mtu" ] || ip link set "$1" mtu "$mtu"
  gateway=$(network_value "$2" gateway4)
  [ -z "$gateway" ] || ip route add default via "$gateway" dev "$1"
  index=0
  while to=$(network_value "$2" "routes.$index.to") && [ -n "$to" ]; do
    ip route add "$to" via "$(network_value "$2" "routes.$index.via")" dev "$1"
    index=$((index + 1))
  done
  for server in $(network_values "$2" nameservers.addresses); do echo "nameserver $server" >>/etc/resolv.conf; done
  echo static >"/run/net/$1"
}

# Waits until each card has its address, but no longer than the given number of seconds.
network_wait() {
  rounds=$(($1 * 50))
  for path in /sys/class/net/eth*; do
    [ -e "$path" ] || continue
    while [ ! -e "/run/net/${path##*/}" ] && [ $rounds -gt 0 ]; do usleep 20000; rounds=$((rounds - 1)); done
  done
}

network_address() {
  address=$(ip -4 -o addr show scope global | awk '{ print $4; exit }')
  echo "${address:-none}"
}
