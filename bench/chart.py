"""The picture of a run: for each case how fast each contestant was, and what CPU time a request took."""

from xml.sax.saxutils import escape

WIDTH, NAMES, GAP = 960, 90, 40
BAR, STEP, HEAD = 14, 22, 48  # heights: of a bar, from bar to bar, of a panel's headings
PLOT = (WIDTH - NAMES - 2 * GAP - 20) / 2
ROOM = 70  # behind a bar, for its number
OURS, OTHER, DATABASE, INK, FAINT = "#1b6e53", "#9db4ab", "#d9c7a0", "#222222", "#777777"


def _text(x, y, text, size=12, anchor="start", fill=INK, weight="normal"):
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{fill}" '
        f'font-weight="{weight}">{escape(text)}</text>'
    )


def _bar(x, y, width, fill):
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0.5):.1f}" height="{BAR}" fill="{fill}"/>'


def _spread(x, y, row, scale):
    """A line from the least turn to the best."""
    middle = y + BAR / 2
    return (
        f'<line x1="{x + row.least * scale:.1f}" x2="{x + row.most * scale:.1f}" y1="{middle}" y2="{middle}" '
        f'stroke="{INK}" stroke-width="1.5"/>'
    )


def _panel(top, title, rows):
    rate_x, cpu_x = NAMES, NAMES + PLOT + 2 * GAP
    rate_scale = (PLOT - ROOM) / max(row.most for row in rows)
    cpu_scale = (PLOT - ROOM) / max(row.own_us + row.database_us for row in rows)
    drawn = [
        _text(20, top + 18, title, size=14, weight="bold"),
        _text(rate_x, top + 38, "requests a second, least to most", fill=FAINT),
        _text(cpu_x, top + 38, "CPU µs a request: server, PostgreSQL", fill=FAINT),
    ]
    for number, row in enumerate(rows):
        y = top + HEAD + number * STEP
        fill = OURS if row.name == "ours" else OTHER
        own, whole = row.own_us * cpu_scale, (row.own_us + row.database_us) * cpu_scale
        drawn += [
            _text(NAMES - 8, y + 12, row.name, anchor="end", weight="bold" if row.name == "ours" else "normal"),
            _bar(rate_x, y, row.rate * rate_scale, fill),
            _spread(rate_x, y, row, rate_scale),
            _text(rate_x + row.most * rate_scale + 6, y + 12, f"{row.rate:.0f}"),
            _bar(cpu_x, y, own, fill),
            _bar(cpu_x + own, y, whole - own, DATABASE),
            _text(cpu_x + whole + 6, y + 12, f"{row.own_us:.0f} + {row.database_us:.0f}"),
        ]
    return drawn, top + HEAD + len(rows) * STEP + 16


def draw(panels):
    """SVG of (title, rows) one below the other; a row as in report.Row."""
    drawn, top = [], 10
    for title, rows in panels:
        parts, top = _panel(top, title, rows)
        drawn += parts
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{top}" viewBox="0 0 {WIDTH} {top}" '
        f'font-family="sans-serif"><rect width="{WIDTH}" height="{top}" fill="#ffffff"/>\n' + "\n".join(drawn) + "\n</svg>\n"
    )
