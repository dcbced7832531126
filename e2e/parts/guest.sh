# The tiny guest: a disk image of 64 MiB that boots in about three seconds without KVM and shows what a VM was given.
#
# $LAB/guest/tiny.img              raw
# $LAB/guest/tiny.qcow2            the same as qcow2
# $LAB/guest/tiny-compressed.qcow2 the same with compressed clusters
# $LAB/guest/SHA256SUMS
#
# Built from Debian packages that are unpacked, not installed; kept in $CACHE until something in e2e/guest changes.

GUEST_SOURCE=$REPOSITORY/e2e/guest

guest_packages() { echo binutils cpio e2fsprogs fdisk kmod lz4 mtools qemu-utils syslinux; }

# What is unpacked into the guest; dropbear's libraries are found by what its program asks for.
guest_contents() {
  local kernel
  kernel=$(apt-cache depends linux-image-cloud-amd64 | awk '$1 == "Depends:" { print $2; exit }')
  if [ -z "$kernel" ]; then return 1; fi
  echo "$kernel" busybox-static dropbear-bin libc6 zlib1g libcrypt1 libtomcrypt1 libtommath1 libgmp10
}

guest_directory() {
  local hash
  hash=$(cat "$GUEST_SOURCE"/* "$PARTS/guest.sh" | sha256sum)
  echo "$CACHE/guest-${hash:0:16}"
}

guest_up() {
  local dir
  dir=$(guest_directory)
  if [ ! -e "$dir/SHA256SUMS" ]; then guest_build "$dir"; fi
  mkdir -p "$LAB"
  ln -sfn "$dir" "$LAB/guest"
}

guest_build() { # DIRECTORY
  local new=$1.new.$$
  rm -rf "$new"
  mkdir -p "$new/debs" "$new/unpacked" "$new/image"
  if ! guest_download "$new/debs"; then
    # Lists that were never fetched, or that name versions the archive no longer has.
    apt-get update -q
    guest_download "$new/debs"
  fi
  for deb in "$new"/debs/*.deb; do dpkg-deb -x "$deb" "$new/unpacked"; done
  "$GUEST_SOURCE/build.sh" "$new/unpacked" "$new/image"
  rm -rf "$1"
  mv "$new/image" "$1"
  rm -rf "$new"
}

guest_download() { # DIRECTORY
  local contents
  contents=$(guest_contents) || return 1
  # shellcheck disable=SC2086
  (cd "$1" && apt-get download -q -o APT::Sandbox::User=root $contents)
}

# The image stays in the cache.
guest_down() { rm -f "$LAB/guest"; }

guest_status() {
  if [ ! -e "$LAB/guest/SHA256SUMS" ]; then
    echo "no image"
    return 1
  fi
  echo "$LAB/guest/tiny.img"
}

guest_logs() { ls "$LAB/log/part-guest.log"; }
