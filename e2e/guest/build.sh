#!/bin/bash
# Builds the tiny guest's disk: build.sh PACKAGES OUT
# PACKAGES is a directory into which the Debian packages were unpacked; OUT gets tiny.img, tiny.qcow2, tiny-compressed.qcow2
# and SHA256SUMS.
#
# tiny.img, 64 MiB: master boot record | 1: FAT16 with syslinux, kernel and initrd | 2: ext4 "data" | 3: raw "witness"
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
packages=$(cd "$1" && pwd)
mkdir -p "$2"
out=$(cd "$2" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
release=$(ls "$packages/lib/modules")

# Sectors. The last partition is 1 MiB: 2048 witness records.
boot_start=2048 boot_size=65536
data_start=67584 data_size=61440
witness_start=129024 witness_size=2048

make_root() {
  mkdir -p "$root"/{bin,sbin,lib/modules,lib/guest,lib64,usr/bin,usr/sbin,etc/acpi/PWRF,proc,sys,dev,run,tmp,root,home,data,seed,www/cgi-bin}
  cp "$packages/bin/busybox" "$root/bin/"
  local applet
  for applet in $("$packages/bin/busybox" --list | grep -vx busybox); do ln -s busybox "$root/bin/$applet"; done
  ln -s ../bin/busybox "$root/sbin/init"
  ln -s /data "$root/www/data"
  install -m755 "$here/init" "$root/init"
  install -m755 "$here"/{dhcp,witness,ssh}.sh "$root/lib/guest/"
  install -m644 "$here"/{network,disk,seed}.sh "$here/yaml.awk" "$root/lib/guest/"
  install -m755 "$here/status" "$root/www/cgi-bin/status"
  install -m644 "$here/inittab" "$root/etc/inittab"
  install -m755 "$here/power-off" "$root/sbin/power-off"
  # busybox acpid runs this file when the power button is pressed.
  ln -s /sbin/power-off "$root/etc/acpi/PWRF/00000080"
  echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd"
  echo 'root:x:0:' >"$root/etc/group"
  echo /bin/sh >"$root/etc/shells"
}

# One flat directory of modules and lists in dependency order: insmod is cheaper than modprobe and its indexes.
make_modules() {
  depmod -b "$packages" "$release"
  add_modules early virtio_pci virtio_blk virtio_net
  add_modules seed-iso isofs
  add_modules seed-fat vfat nls_cp437 nls_ascii nls_utf8
  add_modules power button evdev
  add_modules late virtio-rng virtio_balloon
}

add_modules() { # LIST MODULES…
  local list=$root/lib/modules/$1 module file name
  shift
  for module in "$@"; do
    modprobe -d "$packages" -S "$release" --show-depends "$module" | awk '$1 == "insmod" { print $2 }'
  done | while read -r file; do
    name=$(basename "$file" .ko)
    if [ ! -e "$root/lib/modules/$name.ko" ]; then
      strip --strip-debug -o "$root/lib/modules/$name.ko" "$file"
      echo "$name" >>"$list"
    fi
  done
}

make_ssh() {
  mkdir -p "$root/lib/x86_64-linux-gnu"
  cp -L "$packages/lib64/ld-linux-x86-64.so.2" "$root/lib64/"
  add_program usr/sbin/dropbear
  add_program usr/bin/dropbearkey
}

add_program() { # PATH
  install -m755 "$packages/$1" "$root/$1"
  add_libraries "$packages/$1"
}

add_libraries() { # ELF_FILE: what it needs, and what that needs
  local name file
  for name in $(objdump -p "$1" | awk '$1 == "NEEDED" { print $2 }'); do
    if [ -e "$root/lib/x86_64-linux-gnu/$name" ] || [ -e "$root/lib64/$name" ]; then continue; fi
    file=$(find "$packages/lib" "$packages/usr/lib" -path '*x86_64-linux-gnu*' -name "$name" -print -quit)
    if [ -z "$file" ]; then
      echo "no package has $name, which $1 needs" >&2
      exit 1
    fi
    cp -L "$file" "$root/lib/x86_64-linux-gnu/$name"
    add_libraries "$file"
  done
}

make_initrd() {
  (cd "$root" && find . | LC_ALL=C sort | cpio -o -H newc --quiet -R 0:0) | lz4 -l -9 -q - "$work/initrd"
}

make_boot() {
  truncate -s $((boot_size * 512)) "$work/boot"
  mformat -i "$work/boot" -v BOOT ::
  cat >"$work/syslinux.cfg" <<'CFG'
SERIAL 0 115200
DEFAULT tiny
PROMPT 0
TIMEOUT 0
LABEL tiny
  KERNEL vmlinuz
  INITRD initrd
  APPEND console=ttyS0 quiet mitigations=off nokaslr random.trust_cpu=on tsc=reliable no_timer_check cryptomgr.notests lsm=capability noreplace-smp panic=5
CFG
  mcopy -i "$work/boot" "$packages/boot/vmlinuz-$release" ::vmlinuz
  mcopy -i "$work/boot" "$work/initrd" ::initrd
  mcopy -i "$work/boot" "$work/syslinux.cfg" ::syslinux.cfg
  syslinux --install "$work/boot"
}

make_disk() {
  local disk=$work/tiny.img
  truncate -s 64M "$disk"
  printf '%s\n' 'label: dos' "start=$boot_start,size=$boot_size,type=6,bootable" \
    "start=$data_start,size=$data_size,type=83" "start=$witness_start,size=$witness_size,type=da" | sfdisk -q "$disk"
  dd if=/usr/lib/SYSLINUX/mbr.bin of="$disk" conv=notrunc bs=440 count=1 status=none
  dd if="$work/boot" of="$disk" bs=1M seek=$((boot_start / 2048)) conv=notrunc,sparse status=none
  mke2fs -q -t ext4 -J size=4 -L data -E "offset=$((data_start * 512))" "$disk" $((data_size / 2))k
}

make_root
make_modules
make_ssh
make_initrd
make_boot
make_disk
cd "$work"
qemu-img convert -O qcow2 tiny.img tiny.qcow2
qemu-img convert -c -O qcow2 tiny.img tiny-compressed.qcow2
sha256sum tiny.img tiny.qcow2 tiny-compressed.qcow2 >SHA256SUMS
cp --sparse=always tiny.img tiny.qcow2 tiny-compressed.qcow2 SHA256SUMS "$out/"
