#!/bin/bash
# Lays the machine out inside its namespaces, then runs the script with cloud-init's environment.
set -eu
work=$1 family=$2

mkdir -p "$work/dump" "$work/layers"
chmod 1777 "$work/dump"
mount --bind "$work/dump" /mnt
mount -t tmpfs tmpfs "$work/layers"
for folder in etc home root opt var; do
  mkdir -p "$work/layers/$folder/upper" "$work/layers/$folder/work"
  mount -t overlay overlay \
    -o "lowerdir=/$folder,upperdir=$work/layers/$folder/upper,workdir=$work/layers/$folder/work" "/$folder"
done
mkdir -p "$work/layers/tmp"
chmod 1777 "$work/layers/tmp"
cp "$work/part-001" "$work/layers/tmp/part-001.keep"
mount --bind "$work/layers/tmp" /tmp
mv /tmp/part-001.keep /var/part-001
chmod 700 /var/part-001

sed -i '/^ec2-user:/d; /^ubuntu:/d' /etc/passwd /etc/shadow /etc/group
number=4001
for user in ec2-user ubuntu; do
  echo "$user:x:$number:$number::/home/$user:/bin/bash" >> /etc/passwd
  echo "$user:*:19000:0:99999:7:::" >> /etc/shadow
  echo "$user:x:$number:" >> /etc/group
  number=$((number + 1))
done

if [ "$family" = amazon ]; then
  cat > /etc/sudoers <<'SUDOERS'
Defaults always_set_home
Defaults env_reset
Defaults env_keep = "COLORS DISPLAY HOSTNAME HISTSIZE KDEDIR LS_COLORS"
Defaults env_keep += "MAIL PS1 PS2 QTDIR USERNAME LANG LC_ADDRESS LC_CTYPE"
Defaults env_keep += "LC_COLLATE LC_IDENTIFICATION LC_MEASUREMENT LC_MESSAGES"
Defaults env_keep += "LC_MONETARY LC_NAME LC_NUMERIC LC_PAPER LC_TELEPHONE"
Defaults env_keep += "LC_TIME LC_ALL LANGUAGE LINGUAS _XKB_CHARSET XAUTHORITY"
Defaults secure_path = /sbin:/bin:/usr/sbin:/usr/bin
root ALL=(ALL) ALL
ec2-user ALL=(ALL) NOPASSWD:ALL
#includedir /etc/sudoers.d
SUDOERS
else
  cat > /etc/sudoers <<'SUDOERS'
Defaults env_reset
Defaults mail_badpass
Defaults secure_path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
Defaults use_pty
root ALL=(ALL:ALL) ALL
ubuntu ALL=(ALL) NOPASSWD:ALL
@includedir /etc/sudoers.d
SUDOERS
fi
mkdir -p /etc/sudoers.d
rm -f /etc/sudoers.d/*

home() { # home FOLDER OWNER
  rm -rf "$1"
  mkdir -p "$1/.nvm/versions/node/bin" "$1/megaticket/apps/web" "$1/megaticket/apps/app"
  printf '%s\n' "export NVM_DIR=\"$1/.nvm\"" "export PATH=\"$1/.nvm/versions/node/bin:\$PATH\"" \
    > "$1/.nvm/nvm.sh"
  cat > "$1/.nvm/versions/node/bin/node" <<'DUMP'
#!/bin/bash
file=/mnt/$(date +%s%N).$$
{ printf '%s\0%s\0%s\0--\0' "${0##*/} $*" "$(id -un)" "$PWD"; env -0; } > "$file.part"
mv "$file.part" "$file"
if [ "${0##*/}" = npm ] && [ "$PWD" = / ]; then exit 1; fi # npm finds no package.json there
DUMP
  chmod 755 "$1/.nvm/versions/node/bin/node"
  for name in npm pm2 next; do ln -s node "$1/.nvm/versions/node/bin/$name"; done
  if [ "$family" = amazon ]; then
    echo ". \"$1/.nvm/nvm.sh\"" > "$1/.bashrc"
    echo '[ -f ~/.bashrc ] && . ~/.bashrc' > "$1/.bash_profile"
  else
    printf '%s\n' 'case $- in' '  *i*) ;;' '  *) return;;' 'esac' ". \"$1/.nvm/nvm.sh\"" > "$1/.bashrc"
    echo '[ -f ~/.bashrc ] && . ~/.bashrc' > "$1/.profile"
  fi
  chown -R "$2:" "$1"
}
home /home/ec2-user ec2-user
home /home/ubuntu ubuntu
mkdir -p /root && rm -f /root/.bashrc /root/.profile /root/.bash_profile

for name in node nodejs npm npx pm2; do # only nvm has them on this machine
  for folder in /usr/bin /usr/local/bin; do
    if [ -e "$folder/$name" ]; then mount --bind /dev/null "$(readlink -f "$folder/$name")"; fi
  done
done

cd /
umask 022
exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 /var/part-001
