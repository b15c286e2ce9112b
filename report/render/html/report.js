/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The report's behaviour: the list of hosts (search, filter, sort, rows drawn only when in
 * sight), one host in full, the matrix of another right, light or dark.
 *
 * Nothing is ever built from markup: every string reaches the page as a text node.
 */
"use strict";
(function () {
	const report = JSON.parse(document.getElementById("report").textContent);
	const ROW = 38; /* pixels: the cell's 37 and its border, as the style sheet says */
	const SPARE = 12; /* rows drawn beyond both edges */
	const ROLES = ["domain_controller", "member_server", "standalone_server", "client", "unknown"];
	const VERDICTS = ["violation", "unknown", "compliant"];
	const byId = (id) => document.getElementById(id);
	const words = (s) => String(s).replace(/_/g, " ");
	const count = (n) => n.toLocaleString("en-US");

	/* Characters that change what is read without being seen are shown, as report/text/escape.c
	   does; the JSON carries them as they came. */
	const UNSEEN = new RegExp("[\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u115f\\u1160\\u180b-\\u180f" +
		"\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u3164\\ufdd0-\\ufdef\\ufeff\\uffa0\\ufff0-\\ufffb" +
		"\\ufffe\\uffff\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{e0fff}]", "gu");
	const visible = (text) => text.replace(UNSEEN, (c) =>
		"<U+" + c.codePointAt(0).toString(16).toUpperCase().padStart(4, "0") + ">");

	function make(tag, attributes, ...children) {
		const element = document.createElement(tag);
		for (const [name, value] of Object.entries(attributes || {}))
			element.setAttribute(name, value);
		element.append(...children.filter((c) => c !== null && c !== undefined)
			.map((c) => typeof c === "string" ? visible(c) : c));
		return element;
	}

	/* The name that people know it by, where it is not the one it was asked by. */
	function alias_of(host) {
		const name = host.dns_name || host.netbios_name || "";
		return name && name.toLowerCase() !== host.host.toLowerCase() ? name : null;
	}

	/* What the list shows of a host. */
	function summary(host) {
		const parts = [];
		for (const [right, answer] of Object.entries(host.rights || {})) {
			const names = [];
			for (const h of answer.holders || [])
				if (h.label === "extra" || h.label === "obsolete")
					names.push((h.waived ? "waived " : "") + (h.name || h.sid));
			for (const m of answer.missing || [])
				names.push("without " + (m.name || m.sid));
			if (answer.verdict === "unknown" && !names.length)
				names.push(words(answer.outcome || "unknown"));
			if (names.length)
				parts.push(one_right ? names.join(", ") : right + ": " + names.join(", "));
		}
		if (!parts.length && host.error)
			parts.push([host.error.step, host.error.code || host.error.text].filter(Boolean).join(": "));
		return parts.join("; ");
	}

	/* Everything that the search looks through, in lower case. */
	function haystack(host) {
		const parts = [host.host, host.dns_name || "", host.netbios_name || "", host.domain || "",
			host.address || "", host.windows || "", host.role, host.outcome, host.verdict, ...(host.tags || [])];
		for (const [right, answer] of Object.entries(host.rights || {})) {
			parts.push(right);
			for (const h of [...(answer.holders || []), ...(answer.missing || [])])
				parts.push(h.sid, h.name || "", h.reason || "");
		}
		if (host.error)
			parts.push(host.error.step || "", host.error.code || "", host.error.text || "");
		return parts.join("\n").toLowerCase();
	}

	const all_rights = [...new Set(report.hosts.flatMap((h) => Object.keys(h.rights || {})))].sort();
	const one_right = all_rights.length === 1;
	const hosts = report.hosts.map((host, i) => {
		const line = summary(host);
		return { host, i, line, hay: null,
			weight: (2 - VERDICTS.indexOf(host.verdict)) * 1000 + (line ? line.split(", ").length : 0) };
	});

	const viewport = byId("viewport"), rows = byId("rows"), filters = byId("filters");
	const state = { key: "host", down: false, shown: hosts, first: -1, last: -1 };

	function offer(id, values, found) {
		const tally = new Map();
		for (const h of report.hosts)
			for (const v of found(h))
				tally.set(v, (tally.get(v) || 0) + 1);
		const rest = [...tally.keys()].filter((v) => !values.includes(v)).sort();
		for (const v of [...values, ...rest])
			if (tally.has(v))
				byId(id).append(make("option", { value: v },
					(id === "by-right" ? v : words(v)) + " (" + count(tally.get(v)) + ")"));
	}

	function matches(row, wanted) {
		const h = row.host;
		if (wanted.role && h.role !== wanted.role)
			return false;
		if (wanted.outcome && h.outcome !== wanted.outcome)
			return false;
		if (wanted.right) {
			const answer = (h.rights || {})[wanted.right];
			if (!answer || (wanted.verdict && answer.verdict !== wanted.verdict))
				return false;
		} else if (wanted.verdict && h.verdict !== wanted.verdict) {
			return false;
		}
		if (!wanted.terms.length)
			return true;
		row.hay = row.hay === null ? haystack(h) : row.hay;
		return wanted.terms.every((t) => row.hay.includes(t));
	}

	function compare(a, b) {
		const of = (r) => state.key === "weight" ? r.weight :
			state.key === "role" ? ROLES.indexOf(r.host.role) :
			state.key === "verdict" ? VERDICTS.indexOf(r.host.verdict) :
			state.key === "outcome" ? r.host.outcome : r.i;
		const x = of(a), y = of(b);
		const order = x < y ? -1 : x > y ? 1 : 0;
		return (state.down ? -order : order) || a.i - b.i;
	}

	function refresh() {
		const wanted = {
			role: byId("by-role").value, verdict: byId("by-verdict").value,
			outcome: byId("by-outcome").value, right: byId("by-right").value,
			terms: byId("search").value.toLowerCase().split(/\s+/).filter(Boolean),
		};
		state.shown = hosts.filter((row) => matches(row, wanted)).sort(compare);
		byId("count").textContent = count(state.shown.length) + " of " + count(hosts.length) +
			(hosts.length === 1 ? " host" : " hosts");
		byId("host-table").setAttribute("aria-rowcount", String(state.shown.length + 1));
		state.first = -1;
		viewport.scrollTop = 0;
		draw();
	}

	function row_of(index) {
		const { host, i, line } = state.shown[index];
		const open = make("button", { type: "button", class: "link", "data-host": String(i) }, host.host);
		const alias = alias_of(host);
		open.title = visible([host.host, alias].filter(Boolean).join(", "));
		const found = make("td", {}, line.slice(0, 2000));
		found.title = visible(line.slice(0, 2000));
		return make("tr", { "aria-rowindex": String(index + 2) },
			make("td", { class: "host" }, open, alias ? make("span", { class: "soft" }, " " + alias) : null),
			make("td", { class: "role" }, words(host.role)),
			make("td", { class: "verdict" }, make("span", { class: "mark " + host.verdict }, host.verdict)),
			make("td", { class: "outcome" }, words(host.outcome)), found);
	}

	/* A row that stands for the rows above or below the ones in sight. */
	function padding(height) {
		const cell = make("td", { colspan: "5" });
		cell.style.height = height + "px";
		return make("tr", { class: "pad", "aria-hidden": "true" }, cell);
	}

	function draw_range(first, last) {
		if (first === state.first && last === state.last)
			return;
		const focused = document.activeElement && rows.contains(document.activeElement) ?
			document.activeElement.dataset.host : null;
		const drawn = [];
		state.first = first;
		state.last = last;
		if (first > 0)
			drawn.push(padding(first * ROW));
		for (let i = first; i < last; i++)
			drawn.push(row_of(i));
		if (last < state.shown.length)
			drawn.push(padding((state.shown.length - last) * ROW));
		rows.replaceChildren(...drawn);
		if (focused)
			rows.querySelector('[data-host="' + focused + '"]')?.focus({ preventScroll: true });
	}

	function draw() {
		const first = Math.max(0, Math.floor(viewport.scrollTop / ROW) - SPARE);
		const seen = Math.ceil((viewport.clientHeight || 600) / ROW) + 2 * SPARE;
		draw_range(first, Math.min(state.shown.length, first + seen));
	}

	/* One host in full. */
	function holder_row(holder, label) {
		const known = [label, holder.severity].filter(Boolean);
		return make("tr", {},
			make("td", {}, holder.name || "(no name)", make("br"), make("span", { class: "sid" }, holder.sid || "")),
			make("td", {}, known.join(", ") + (holder.waived ? ", waived" : "")),
			make("td", { class: "soft" }, holder.reason || ""));
	}

	/* Where the right can be changed, and whether the host follows. */
	function policy_line(policy) {
		if (!policy)
			return null;
		const lost = (policy.also_defined_by || []).length;
		const place = policy.name === null || policy.name === undefined ? "" :
			": set by GPO \"" + policy.name + "\"" + (policy.link ? ", linked at " + policy.link : "") +
			(policy.enforced ? ", enforced" : "") +
			(lost ? "; " + count(lost) + (lost === 1 ? " other GPO" : " other GPOs") + " lost" : "");
		return make("p", { class: "soft" }, "Group Policy: " + words(policy.state) + place);
	}

	function right_section(name, answer) {
		const body = make("tbody");
		const order = { extra: 0, obsolete: 1, required: 3, allowed: 4 };
		const holders = [...(answer.holders || [])].sort((a, b) => (order[a.label] ?? 5) - (order[b.label] ?? 5));
		for (const h of holders)
			body.append(holder_row(h, h.label));
		for (const m of answer.missing || [])
			body.append(holder_row(m, "missing"));
		const table = body.childElementCount ? make("div", { class: "table" }, make("table", {},
			make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "Holder"),
				make("th", { scope: "col" }, "Label"), make("th", { scope: "col" }, "Why"))), body)) : null;
		return [make("h3", {}, name), make("p", {},
			make("span", { class: "mark " + answer.verdict }, answer.verdict),
			answer.outcome ? " (" + words(answer.outcome) + ")" : "",
			answer.cause ? ": " + answer.cause : ""), policy_line(answer.policy), table];
	}

	function fact(name, value) {
		return value === null || value === undefined || value === "" ? null :
			make("div", {}, make("dt", {}, name), make("dd", {}, String(value)));
	}

	function show(host) {
		const dialog = byId("detail");
		const close = make("button", { type: "button" }, "Close");
		close.addEventListener("click", () => dialog.close());
		const error = host.error ? [host.error.step, host.error.code, host.error.text].filter(Boolean).join(": ") : null;
		dialog.replaceChildren(
			make("header", {}, make("h2", { id: "detail-title" }, host.host), close),
			make("dl", { class: "facts" },
				make("div", {}, make("dt", {}, "Verdict"),
					make("dd", {}, make("span", { class: "mark " + host.verdict }, host.verdict))),
				fact("Role", words(host.role)), fact("Source of the role", host.evidence && words(host.evidence)),
				fact("Outcome", words(host.outcome)), fact("Address", host.address),
				fact("DNS name", host.dns_name), fact("NetBIOS name", host.netbios_name),
				fact("Domain", host.domain),
				fact("Windows", [host.windows, host.os_version].filter(Boolean).join(", ")), fact("Tags", (host.tags || []).join(", ")),
				fact("Scanned", host.ts)),
			...(host.conflict ? [make("p", { class: "notice" }, "Sources disagree on the role: " + host.conflict)] : []),
			...(error ? [make("p", { class: "notice" }, error)] : []),
			...Object.entries(host.rights || {}).flatMap(([name, answer]) => right_section(name, answer))
				.filter(Boolean));
		dialog.showModal();
	}

	/* The matrix of the right that is chosen. */
	function matrix_of(right) {
		const used = report.principals.filter((p) => p.rights[right]);
		const total = (p) => ROLES.reduce((n, r) => n + (p.rights[right][r] || 0), 0);
		used.sort((a, b) => total(b) - total(a) || (a.sid < b.sid ? -1 : 1));
		const roles = ROLES.filter((r) => answered_of(r, right));
		const head = make("tr", {}, make("th", { scope: "col" }, "Holder"),
			...roles.map((r) => make("th", { scope: "col", class: "number" }, words(r), make("br"),
				make("span", { class: "soft" }, "of " + count(answered_of(r, right))))));
		const body = make("tbody");
		for (const p of used.slice(0, 100))
			body.append(make("tr", {}, make("th", { scope: "row" }, p.name || "(no name)", " ",
				make("span", { class: "sid" }, p.sid)),
				...roles.map((r) => make("td", { class: "number" },
					p.rights[right][r] ? count(p.rights[right][r]) : "–"))));
		const caption = right + ": " + count(used.length) + (used.length === 1 ? " holder" : " holders") +
			(used.length > 100 ? ", the 100 on most hosts" : "");
		return make("div", { class: "table", tabindex: "0", role: "region", "aria-label": "Holders by role" },
			make("table", {}, make("caption", {}, caption), make("thead", {}, head), body));
	}

	function answered_of(role, right) {
		const totals = ((report.roles[role] || {}).rights || {})[right];
		return totals ? totals.answered : 0;
	}

	function start_matrix() {
		const rights = [...new Set(report.principals.flatMap((p) => Object.keys(p.rights)))].sort();
		const view = byId("matrix-view");
		if (!rights.length)
			return;
		const chooser = make("select", { id: "matrix-right" }, ...rights.map((r) => make("option", { value: r }, r)));
		const place = make("div");
		if (rights.includes("SeImpersonatePrivilege"))
			chooser.value = "SeImpersonatePrivilege";
		const redraw = () => place.replaceChildren(matrix_of(chooser.value));
		chooser.addEventListener("change", redraw);
		view.replaceChildren(...(rights.length > 1 ?
			[make("div", { class: "tools" }, make("label", {}, "Right ", chooser))] : []), place);
		redraw();
	}

	function start_theme() {
		const button = byId("theme"), root = document.documentElement;
		const dark = () => root.dataset.theme ? root.dataset.theme === "dark" :
			window.matchMedia("(prefers-color-scheme: dark)").matches;
		const label = () => { button.textContent = dark() ? "Light" : "Dark"; };
		button.hidden = false;
		button.setAttribute("aria-label", "Change between light and dark");
		button.addEventListener("click", () => {
			root.dataset.theme = dark() ? "light" : "dark";
			label();
		});
		label();
	}

	function sort_by(button) {
		const key = button.dataset.key;
		state.down = state.key === key ? !state.down : key === "weight";
		state.key = key;
		for (const th of document.querySelectorAll("#host-table thead th"))
			th.removeAttribute("aria-sort");
		button.closest("th").setAttribute("aria-sort", state.down ? "descending" : "ascending");
		refresh();
	}

	/* Up and down walk the rows, also those that are not drawn yet. */
	function walk(event) {
		const row = event.target.closest("tr[aria-rowindex]");
		const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 }[event.key];
		if (!row || !step)
			return;
		event.preventDefault();
		const index = Math.min(Math.max(Number(row.getAttribute("aria-rowindex")) - 2 + step, 0),
			state.shown.length - 1);
		const top = index * ROW, bottom = top + 2 * ROW;
		if (top < viewport.scrollTop)
			viewport.scrollTop = top;
		else if (bottom > viewport.scrollTop + viewport.clientHeight)
			viewport.scrollTop = bottom - viewport.clientHeight;
		draw();
		rows.querySelector('tr[aria-rowindex="' + (index + 2) + '"] button')?.focus({ preventScroll: true });
	}

	function start_hosts() {
		offer("by-role", ROLES, (h) => [h.role]);
		offer("by-verdict", VERDICTS, (h) => [h.verdict]);
		offer("by-outcome", ["answered"], (h) => [h.outcome]);
		offer("by-right", [], (h) => Object.keys(h.rights || {}));
		if (all_rights.length < 2)
			byId("by-right").closest("label").hidden = true;
		filters.hidden = false;
		viewport.hidden = false;
		filters.addEventListener("submit", (e) => e.preventDefault());
		filters.addEventListener("input", refresh);
		filters.addEventListener("reset", () => setTimeout(refresh));
		viewport.addEventListener("scroll", () => requestAnimationFrame(draw), { passive: true });
		window.addEventListener("resize", draw);
		viewport.addEventListener("keydown", walk);
		rows.addEventListener("click", (e) => {
			const open = e.target.closest("button[data-host]");
			if (open)
				show(report.hosts[Number(open.dataset.host)]);
		});
		for (const button of document.querySelectorAll("#host-table thead button"))
			button.addEventListener("click", () => sort_by(button));
		/* On paper there is no scrolling: what is shown is printed, up to a limit. */
		window.addEventListener("beforeprint", () => {
			const most = Math.min(state.shown.length, 2000);
			draw_range(0, most);
			rows.querySelectorAll("tr.pad").forEach((r) => r.remove());
			if (most < state.shown.length)
				rows.append(make("tr", {}, make("td", { colspan: "5" }, "and " +
					count(state.shown.length - most) + " more hosts: filter the list, or use the CSV report")));
		});
		window.addEventListener("afterprint", refresh);
		refresh();
	}

	start_theme();
	start_matrix();
	start_hosts();
})();
