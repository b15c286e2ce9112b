/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inf_text.h - the lines and lists of INF files, cut in place.
 *
 * What the readers of security templates have in common: inf.h, which makes facts of
 * them, and report/directory/template.h, which makes declarations.  Everything works on
 * one NUL-terminated buffer that the caller may write to; nothing allocates.
 */
#ifndef REPORT_FACTS_INF_TEXT_H
#define REPORT_FACTS_INF_TEXT_H

/* Without the space around it; cuts into `text`. */
char *inf_trim(char *text);
/* The line that `*rest` begins with, without its end; `*rest` then stands at the next
 * one.  NULL: there is none. */
char *inf_next_line(char **rest);
/* Where the comment of a line begins, at its `;`, or NULL; one inside of quotes begins
 * none. */
char *inf_comment(char *line);
/* The word that `*rest` begins with, up to a comma outside of quotes, trimmed and not
 * empty; NULL: there is none. */
char *inf_next_word(char **rest);
/* A text in quotes without them, trimmed; any other as it is. */
char *inf_unquote(char *word);

#endif
