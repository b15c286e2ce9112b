# SPDX-License-Identifier: Apache-2.0
# embed.cmake: writes the report's template, style and script as C arrays, and the
# hashes by which the page's Content-Security-Policy names the latter two.
#   cmake -DSOURCE=report/render/html -DOUTPUT=report_assets.c -P embed.cmake

# SHA-256 of a file in base64, which CMake knows only in hexadecimal.
function(sha256_base64 file result)
	set(alphabet "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
	file(SHA256 ${file} digest)
	string(APPEND digest "00") # 33 bytes: 66 digits, 22 groups of three
	set(text "")
	foreach(i RANGE 0 63 3)
		string(SUBSTRING ${digest} ${i} 3 digits)
		math(EXPR high "0x${digits} >> 6")
		math(EXPR low "0x${digits} & 63")
		string(SUBSTRING ${alphabet} ${high} 1 high)
		string(SUBSTRING ${alphabet} ${low} 1 low)
		string(APPEND text "${high}${low}")
	endforeach()
	# 64 digits make 43 characters and one "=".
	string(SUBSTRING "${text}" 0 43 text)
	set(${result} "sha256-${text}=" PARENT_SCOPE)
endfunction()

set(code "/* Generated from report/render/html by embed.cmake. */\n#include \"report/render/html_assets.h\"\n")
foreach(kind html css js)
	file(READ ${SOURCE}/report.${kind} bytes HEX)
	# The licence is that of the template, not of the report that is made from it.
	string(HEX "<!-- SPDX-License-Identifier: Apache-2.0 -->\n" licence)
	string(REPLACE "${licence}" "" bytes "${bytes}")
	string(REGEX REPLACE "(................................)" "\\1\n" bytes "${bytes}")
	string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
	string(APPEND code "const unsigned char html_asset_${kind}[] = {\n${bytes}0x00};\n")
endforeach()
foreach(kind css js)
	sha256_base64(${SOURCE}/report.${kind} hash)
	string(APPEND code "const char html_asset_${kind}_hash[] = \"${hash}\";\n")
endforeach()
file(WRITE ${OUTPUT} "${code}")
