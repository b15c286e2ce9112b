# SPDX-License-Identifier: Apache-2.0
# bash completion for lsasweep: commands, the options of each as its --help tells them,
# formats, baselines and rights.

_lsasweep() {
	local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command=
	local word
	for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
		case $word in
		scan | check | report | diff | explain) command=$word && break ;;
		esac
	done
	if [ -z "$command" ]; then
		mapfile -t COMPREPLY < <(compgen -W \
			"scan check report diff explain --version --help" -- "$current")
		return
	fi
	case $previous in
	-o)
		mapfile -t COMPREPLY < <(compgen -W \
			"text json ndjson csv html prometheus junit ocsf gpo-inf" -- "$current")
		return
		;;
	--baseline)
		mapfile -t COMPREPLY < <(compgen -W "windows-default microsoft cis stig" \
			-- "$current"; compgen -f -- "$current")
		return
		;;
	--fail-on)
		mapfile -t COMPREPLY < <(compgen -W "none violation incomplete" -- "$current")
		return
		;;
	-r)
		mapfile -t COMPREPLY < <(compgen -W \
			"all $(lsasweep explain 2>/dev/null | grep -o '^ *Se[A-Za-z]*')" -- "$current")
		return
		;;
	esac
	case $current in
	-*)
		mapfile -t COMPREPLY < <(compgen -W \
			"$(lsasweep "$command" --help 2>/dev/null |
				grep -oE '(^| )--?[a-zA-Z][a-zA-Z-]*' | sort -u)" -- "$current")
		;;
	*) mapfile -t COMPREPLY < <(compgen -f -A hostname -- "$current") ;;
	esac
}
complete -o filenames -F _lsasweep lsasweep
