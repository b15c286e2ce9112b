# SPDX-License-Identifier: Apache-2.0
# printed.cmake: the files that the program prints from its table of options: completion
# for three shells, and the options of the man page.
#   cmake -DPROGRAM=... -DVERSION=... -DMANUAL=lsasweep.1.in -DOUTPUT=FOLDER -P printed.cmake
function(print file)
	execute_process(COMMAND ${PROGRAM} ${ARGN} OUTPUT_FILE ${file} RESULT_VARIABLE status)
	if(NOT status EQUAL 0)
		message(FATAL_ERROR "${PROGRAM} ${ARGN}: ${status}")
	endif()
endfunction()

foreach(shell bash zsh fish)
	print(${OUTPUT}/lsasweep.${shell} completion ${shell})
endforeach()
print(${OUTPUT}/options.man help man)
file(READ ${OUTPUT}/options.man OPTIONS)
configure_file(${MANUAL} ${OUTPUT}/lsasweep.1 @ONLY)
execute_process(COMMAND gzip -9nkf ${OUTPUT}/lsasweep.1 RESULT_VARIABLE status)
if(NOT status EQUAL 0)
	message(FATAL_ERROR "gzip: ${status}")
endif()
