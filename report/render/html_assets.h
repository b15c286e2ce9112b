/* SPDX-License-Identifier: Apache-2.0 */
/*
 * html_assets.h - report/render/html/report.{html,css,js} as they were at build time.
 *
 * The hashes are what a Content-Security-Policy calls 'sha256-…', of exactly the text
 * between the tags.
 */
#ifndef REPORT_RENDER_HTML_ASSETS_H
#define REPORT_RENDER_HTML_ASSETS_H

/* NUL-terminated UTF-8. */
extern const unsigned char html_asset_html[], html_asset_css[], html_asset_js[];
extern const char html_asset_css_hash[], html_asset_js_hash[];

#endif
