# SPDX-License-Identifier: Apache-2.0
# embed.cmake: writes the shipped baselines as C arrays, in the order they are told of.
#   cmake -DSOURCE=report/baseline/baselines -DOUTPUT=baseline_assets.c -P embed.cmake

set(code "/* Generated from report/baseline/baselines by embed.cmake. */\n")
string(APPEND code "#include \"report/baseline/baseline_internal.h\"\n\n#include <stddef.h>\n\n")
set(table "")
set(index 0)
foreach(name windows-default microsoft cis stig)
	file(READ ${SOURCE}/${name}.json bytes HEX)
	string(REGEX REPLACE "(................................)" "\\1\n" bytes "${bytes}")
	string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
	string(APPEND code "static const unsigned char text_${index}[] = {\n${bytes}0x00};\n")
	string(APPEND table
		"\t{ \"${name}\", text_${index}, sizeof(text_${index}) - 1 },\n")
	math(EXPR index "${index} + 1")
endforeach()
string(APPEND code "\nconst struct baseline_asset baseline_assets[] = {\n${table}\t{ NULL, NULL, 0 },\n};\n")
file(WRITE ${OUTPUT} "${code}")
