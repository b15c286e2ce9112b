# SPDX-License-Identifier: Apache-2.0
# package.cmake: the Debian package, as cpack makes it of an installation in /usr.
set(debian ${CMAKE_CURRENT_LIST_DIR})
set(changelogs ${CMAKE_BINARY_DIR}/packaging/changelog.gz
	${CMAKE_BINARY_DIR}/packaging/changelog.Debian.gz)
add_custom_command(OUTPUT ${changelogs}
	COMMAND sh ${debian}/changelogs.sh ${debian}/../CHANGELOG.md ${LSASWEEP_MAINTAINER}
		${CMAKE_BINARY_DIR}/packaging
	DEPENDS ${debian}/changelogs.sh ${debian}/../CHANGELOG.md
	VERBATIM)
add_custom_target(changelogs ALL DEPENDS ${changelogs})
install(FILES ${changelogs} ${debian}/copyright DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES ${debian}/../sweep.env DESTINATION ${CMAKE_INSTALL_FULL_SYSCONFDIR}/lsasweep)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT ${LSASWEEP_MAINTAINER})
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE
	GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS krb5-user)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${debian}/conffiles)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY
	"audit of who holds each Windows user right in a domain")
set(CPACK_PACKAGE_DESCRIPTION
"lsasweep asks every Windows host of a domain, over SMB and without an agent,
who holds each user right, first of all SeImpersonatePrivilege (Impersonate a
client after authentication). It sorts the hosts by role (domain controller,
member server, standalone server, client), compares each with the baseline of
its role (Microsoft, CIS, DISA STIG or one of your own) and writes reports for
people, schedulers and dashboards.
.
It changes nothing on the hosts. A host that was not assessed is reported as
such and never counted as compliant. A guard stops the sweep at a refused
password, so that it does not lock accounts by repetition.")
include(CPack)
