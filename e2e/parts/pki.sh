# One certificate authority of the lab, and a certificate for everyone who meets over TLS.
#
# $LAB/pki/ca.crt            the authority
# $LAB/pki/NAME.{crt,key}    h1 h2 h3 (libvirtd and its migrations), ovn (both databases), apiserver,
#                            admin and controllers (API clients), serviceaccounts (key only), power (Redfish)
# $LAB/pki/client/           what the operators get: ca.crt client.crt client.key, and the same files
#                            under the names libvirt looks for in a pkipath

pki_packages() { echo openssl; }

pki_up() {
  local dir=$LAB/pki host
  if [ -e "$dir/complete" ]; then return 0; fi
  rm -rf "$dir"
  mkdir -p -m 700 "$dir/client"
  openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj /CN=kumiko-lab -keyout "$dir/ca.key" \
    -out "$dir/ca.crt" -addext keyUsage=critical,keyCertSign,cRLSign 2>/dev/null
  for host in $HOSTS; do
    pki_issue "$host" "/CN=$host" "DNS:$host,IP:$(mgmt_of "$host")" ec &
  done
  pki_issue ovn /CN=ovn "DNS:localhost,IP:127.0.0.1,IP:$MGMT" ec &
  wait
  pki_issue apiserver /CN=kube-apiserver "DNS:localhost,DNS:kubernetes.default.svc,IP:127.0.0.1,IP:$MGMT" rsa &
  pki_issue admin /O=system:masters/CN=admin DNS:admin rsa &
  pki_issue controllers /O=system:masters/CN=controllers DNS:controllers rsa &
  pki_issue client /CN=kumiko-operator DNS:kumiko-operator rsa &
  openssl genrsa -out "$dir/serviceaccounts.key" 2048 2>/dev/null
  wait
  for host in $HOSTS ovn apiserver admin controllers client; do test -s "$dir/$host.crt"; done
  cp "$dir/ca.crt" "$dir/client.crt" "$dir/client.key" "$dir/client/"
  ln -sf ca.crt "$dir/client/cacert.pem"
  ln -sf client.crt "$dir/client/clientcert.pem"
  ln -sf client.key "$dir/client/clientkey.pem"
  touch "$dir/complete"
}

# Keys of API clients are RSA: some Kubernetes clients read an EC key in PKCS#8 as RSA and fail.
pki_issue() { # NAME SUBJECT ALTERNATIVE_NAMES rsa|ec
  local base=$LAB/pki/$1 algorithm=(rsa:2048)
  if [ "$4" = ec ]; then algorithm=(ec -pkeyopt ec_paramgen_curve:P-256); fi
  openssl req -newkey "${algorithm[@]}" -nodes -keyout "$base.key" -out "$base.csr" -subj "$2" 2>/dev/null
  printf '%s\n' "subjectAltName=$3" keyUsage=critical,digitalSignature,keyEncipherment \
    extendedKeyUsage=serverAuth,clientAuth basicConstraints=critical,CA:FALSE >"$base.ext"
  openssl x509 -req -in "$base.csr" -CA "$LAB/pki/ca.crt" -CAkey "$LAB/pki/ca.key" \
    -set_serial "0x$(openssl rand -hex 16)" -days 3650 -extfile "$base.ext" -out "$base.crt" 2>/dev/null
  rm -f "$base.csr" "$base.ext"
}

pki_down() { rm -rf "$LAB/pki"; }
pki_status() {
  if [ -e "$LAB/pki/complete" ]; then echo "$LAB/pki"; else
    echo "no certificates"
    return 1
  fi
}
pki_logs() { ls "$LAB/log/part-pki.log"; }
