# SPDX-License-Identifier: Apache-2.0
# packaging.cmake: what an installation has beside the program, and the Debian package.
set(packaging ${CMAKE_CURRENT_LIST_DIR})
set(LSASWEEP_UNITDIR lib/systemd/system CACHE STRING "where systemd's units go")
set(LSASWEEP_ZSHDIR ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions CACHE STRING
	"where zsh's completion functions go")
set(LSASWEEP_MAINTAINER "the lsasweep authors <lsasweep@lsasweep.invalid>" CACHE STRING
	"who answers for the Debian package: NAME <ADDRESS>")

foreach(file lsasweep.service sweep-today)
	configure_file(${packaging}/${file}.in ${CMAKE_BINARY_DIR}/packaging/${file} @ONLY)
endforeach()
install(PROGRAMS ${CMAKE_BINARY_DIR}/packaging/sweep-today ${packaging}/prove.sh
	${packaging}/slurm-sweep.sh
	DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/lsasweep)
install(FILES ${CMAKE_BINARY_DIR}/packaging/lsasweep.service ${packaging}/lsasweep.timer
	DESTINATION ${LSASWEEP_UNITDIR})

# What the program prints of itself.
set(printed ${CMAKE_BINARY_DIR}/packaging)
set(printed_files ${printed}/lsasweep.bash ${printed}/lsasweep.zsh ${printed}/lsasweep.fish
	${printed}/lsasweep.1 ${printed}/lsasweep.1.gz)
add_custom_command(OUTPUT ${printed_files}
	COMMAND ${CMAKE_COMMAND} -DPROGRAM=$<TARGET_FILE:lsasweep> -DVERSION=${PROJECT_VERSION}
		-DMANUAL=${packaging}/lsasweep.1.in -DOUTPUT=${printed} -P ${packaging}/printed.cmake
	DEPENDS lsasweep ${packaging}/lsasweep.1.in ${packaging}/printed.cmake
	VERBATIM)
add_custom_target(printed ALL DEPENDS ${printed_files})
install(FILES ${printed}/lsasweep.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${printed}/lsasweep.bash RENAME lsasweep
	DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${printed}/lsasweep.zsh RENAME _lsasweep DESTINATION ${LSASWEEP_ZSHDIR})
install(FILES ${printed}/lsasweep.fish
	DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
install(FILES ${packaging}/prove.ps1 DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/lsasweep)

# What people read, with the picture of the README where the README looks for it.
install(FILES ${CMAKE_SOURCE_DIR}/README.md ${CMAKE_SOURCE_DIR}/targets.example
	DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES ${CMAKE_SOURCE_DIR}/report/render/html/summary.png
	DESTINATION ${CMAKE_INSTALL_DOCDIR}/report/render/html)

# Paths stand in the unit: configure with -DCMAKE_INSTALL_PREFIX=/usr for a package.
if(CMAKE_INSTALL_PREFIX STREQUAL "/usr")
	include(${packaging}/debian/package.cmake)
else()
	install(FILES ${packaging}/CHANGELOG.md ${packaging}/sweep.env
		${CMAKE_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
endif()
