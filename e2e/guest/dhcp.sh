#!/bin/sh
# What udhcpc does with a lease ($interface, $ip, $router and so on come from it).
case $1 in
deconfig)
  ip addr flush dev "$interface"
  ip link set "$interface" up
  ;;
bound | renew)
  ip addr replace "$ip/${mask:-24}" dev "$interface"
  [ -z "$mtu" ] || ip link set "$interface" mtu "$mtu"
  # RFC 3442: with classless static routes the router option is to be ignored.
  if [ -n "$staticroutes" ]; then
    set -- $staticroutes
    while [ $# -ge 2 ]; do
      if [ "$2" = 0.0.0.0 ]; then ip route replace "$1" dev "$interface"; else ip route replace "$1" via "$2" dev "$interface"; fi
      shift 2
    done
  else
    for gateway in $router; do ip route replace default via "$gateway" dev "$interface"; done
  fi
  for server in $dns; do grep -qs "nameserver $server" /etc/resolv.conf || echo "nameserver $server" >>/etc/resolv.conf; done
  echo dhcp >"/run/net/$interface"
  ;;
esac
