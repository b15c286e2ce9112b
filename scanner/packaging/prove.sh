#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# prove.sh: what lsasweep reports about Windows hosts, kept in a folder, to be compared
# with what prove.ps1 collects on the hosts themselves.
#
#   sh prove.sh -u 'CORP\admin' [-k admin@CORP.EXAMPLE] [-p 'CORP\user'] [-a ADDRESS]
#               [-o FOLDER] [-l LSASWEEP] [-t] HOST...
#
#   -u  an account that is an administrator of the hosts, for NTLM
#   -k  the same account for Kerberos; without it no Kerberos runs are made
#   -p  an account without rights there: what is denied?
#   -a  an IP address of the first HOST: its name as an address
#   -o  where to (default: prove-DATE in this folder)
#   -l  the program (default: lsasweep)
#   -t  record the packets, too (tshark, as root)
#
# The password comes from LSASWEEP_PASSWORD or is asked for by lsasweep, once a run; it is
# written nowhere.  No run is made with a wrong password.  Each run is one logon at each
# host, and nothing is changed there.  Nothing is sent anywhere: at the end the files are
# listed, so that you can read them before you give them to anybody.
set -u
umask 077

user='' kerberos='' plain='' address='' folder='' program=lsasweep record=''

usage() {
	sed -n '7,18s/^# \{0,1\}//p' "$0" >&2
	exit 2
}

while getopts u:k:p:a:o:l:th option; do
	case $option in
	u) user=$OPTARG ;;
	k) kerberos=$OPTARG ;;
	p) plain=$OPTARG ;;
	a) address=$OPTARG ;;
	o) folder=$OPTARG ;;
	l) program=$OPTARG ;;
	t) record=yes ;;
	*) usage ;;
	esac
done
shift $((OPTIND - 1))
if [ -z "$user" ] || [ $# -eq 0 ]; then
	usage
fi
folder=${folder:-prove-$(date -u +%Y%m%dT%H%M%SZ)}

fail() {
	echo "prove.sh: $*" >&2
	exit 2
}

command -v "$program" >/dev/null || fail "\"$program\": no such program"
if [ -n "$record" ]; then
	command -v tshark >/dev/null || fail "-t needs tshark"
fi
mkdir "$folder" || fail "\"$folder\": expected a folder that does not exist yet"

# safe NAME: as a part of a file's name.
safe() {
	printf '%s' "$1" | tr -c 'A-Za-z0-9._-' '_'
}

# run NAME HOST OPTION...: one check, with its command, its end and its time.
run() {
	file=$folder/$(safe "$2").$1.txt
	host=$2
	shift 2
	{
		printf 'command:'
		printf ' %s' "$program" check -v "$@" "$host"
		echo
		date -u '+began: %Y-%m-%dT%H:%M:%SZ'
	} >"$file"
	"$program" check -v "$@" "$host" >>"$file" 2>&1
	status=$?
	date -u "+ended: %Y-%m-%dT%H:%M:%SZ, exit $status" >>"$file"
	echo "$file: exit $status"
	# After a refused logon the next one may lock the account.
	if [ $status -eq 5 ] || [ $status -eq 130 ]; then
		fail "stopped after $file: find out why first"
	fi
}

packets=''
begin_packets() {
	[ -n "$record" ] || return 0
	tshark -i any -q -f 'tcp port 445 or port 88 or port 53' \
		-w "$folder/$(safe "$1").pcapng" 2>"$folder/$(safe "$1").tshark.txt" &
	packets=$!
	sleep 2
}

end_packets() {
	[ -n "$packets" ] || return 0
	sleep 1
	kill "$packets"
	wait "$packets"
	packets=''
}
trap 'end_packets; exit 130' INT TERM

{
	"$program" --version
	uname -sr
	date -u +%Y-%m-%dT%H:%M:%SZ
} >"$folder/environment.txt" 2>&1

first=$1
for host; do
	begin_packets "$host"
	run ntlm "$host" -r all -U "$user"
	run encrypted "$host" -U "$user" --require-encryption
	for dialect in 2.0.2 2.1 3.0 3.0.2 3.1.1; do
		run "smb-$dialect" "$host" -U "$user" --smb "$dialect"
	done
	if [ -n "$kerberos" ]; then
		run kerberos "$host" -r all -U "$kerberos"
		run kerberos-only "$host" -U "$kerberos" --no-ntlm
	fi
	if [ -n "$plain" ]; then
		run without-rights "$host" -r all -U "$plain"
	fi
	if [ -n "$address" ] && [ "$host" = "$first" ]; then
		run "$(safe "$address")" "$address" -U "$user"
	fi
	end_packets
done

echo
echo "Collected in $folder:"
ls -l "$folder"
echo
echo "The files name hosts, accounts and domains, and packets hold what the hosts"
echo "answered; no file holds a password. Nothing was sent anywhere. Read them, put the"
echo "folders of prove.ps1 beside them, and give them only to whom you trust."
