"""The page's script is one module that stands alone, and its colours are the table's."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path

import pytest

from qpsviz.figures.theme import TOKENS, bokeh_theme, css_variables
from qpsviz.web import assets

SCRIPTS = Path(str(files("qpsviz.web"))) / "js"
STYLES = Path(str(files("qpsviz.web"))) / "css"
SOURCES = [*SCRIPTS.rglob("*.js"), *STYLES.glob("*.css")]
NODE = shutil.which("node")
ENTRIES = sorted(f.name for f in SCRIPTS.glob("*.js") if "export default" in f.read_text(encoding="utf-8"))
# Pairs of text and ground that the style sheet sets on each other.
TEXT_ON = [
    ("ink", "ground"), ("ink", "card"), ("ink", "sunken"), ("ink", "drop-soft"), ("ink", "accent-soft"),
    ("ink-soft", "ground"), ("ink-soft", "card"), ("ink-soft", "sunken"),
    ("accent", "card"), ("accent-ink", "accent"), ("card", "ink"),
    ("header-ink", "card"), ("memory", "card"), ("drop", "card"),
]  # fmt: skip
# Marks that carry meaning without being text.
MARK_ON = [
    ("line-strong", "card"), ("fibre", "card"), ("accent", "card"), ("accent", "line"), ("qubit", "card"),
    ("memory", "memory-soft"), ("header", "card"), ("drop", "card"), *((f"series-{n}", "card") for n in range(6)),
]  # fmt: skip


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb`` (WCAG 2.2)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours (WCAG 2.2)."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_contrast_of_black_and_white_is_21() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("mode", TOKENS)
@pytest.mark.parametrize(("text", "ground"), TEXT_ON)
def test_text_can_be_read_on_its_ground(mode: str, text: str, ground: str) -> None:
    assert contrast(TOKENS[mode][text], TOKENS[mode][ground]) >= 4.5


@pytest.mark.parametrize("mode", TOKENS)
@pytest.mark.parametrize(("mark", "ground"), MARK_ON)
def test_a_mark_stands_out_from_its_ground(mode: str, mark: str, ground: str) -> None:
    assert contrast(TOKENS[mode][mark], TOKENS[mode][ground]) >= 3.0


def test_both_modes_define_the_same_tokens() -> None:
    assert TOKENS["light"].keys() == TOKENS["dark"].keys()
    for mode, tokens in TOKENS.items():
        block = re.search(rf'\.qps\[data-mode="{mode}"\]\{{(.*?)\}}', css_variables())
        assert block is not None
        assert all(f"--{name}:{value};" in block[1] for name, value in tokens.items())


@pytest.mark.parametrize("file", SOURCES, ids=lambda f: f.name)
def test_a_file_uses_only_tokens_that_exist(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    everything = "".join(f.read_text(encoding="utf-8") for f in SOURCES)
    own = set(re.findall(r"""[;{\s"'`(]--([\w-]+)["']?[:,]""", everything))  # set by a rule or by a script
    assert set(re.findall(r"var\(--([\w-]+)", text)) - own - {"font"} <= TOKENS["light"].keys()
    painted = set(re.findall(r"tokens\.(\w+)|tokens\[\"([\w-]+)\"\]", text))
    assert {a or b for a, b in painted} <= TOKENS["light"].keys()


def test_a_figure_takes_its_colours_from_the_table() -> None:
    for mode, tokens in TOKENS.items():
        attrs = bokeh_theme(mode)._json["attrs"]
        assert attrs["figure"]["background_fill_color"] == tokens["card"]
        assert attrs["Axis"]["major_label_text_color"] == tokens["ink-soft"]


@pytest.mark.parametrize("entry", ENTRIES)
def test_a_script_stands_alone_and_exports_one_widget(entry: str) -> None:
    text = assets.script(entry)
    assert re.findall(r"^\s*import\b.*$", text, re.MULTILINE) == []
    assert len(re.findall(r"^export default \{", text, re.MULTILINE)) == 1
    assert len(re.findall(r"^export\b", text, re.MULTILINE)) == 1
    assert "http://" not in text.replace("http://www.w3.org/", "")
    assert "https://" not in text
    assert re.findall(r"@(?:param|returns|typedef|import|template)\b", text) == [], (
        "types are for those who read the sources"
    )


def test_every_module_is_part_of_a_script() -> None:
    joined = "".join(map(assets.script, ENTRIES))
    for module in SCRIPTS.rglob("*.js"):
        first = module.read_text(encoding="utf-8").splitlines()[0]
        assert first.startswith("//"), f"{module.name} does not say what it is for"
        assert first in joined, f"{module.name} is imported by nobody"


def test_one_module_alone_names_what_bokeh_does_not_document() -> None:
    private = (
        r"\bBokeh\.|embed_item|get_model_by_name|\bx_scale|\bbbox\b|invalidate_dataranges|unpause|get_svg|\.setv\("
    )
    named = {f.name for f in SCRIPTS.rglob("*.js") if re.search(private, f.read_text(encoding="utf-8"))}
    assert named == {"bokeh.js"}


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Modules by their path, in place of those of the page."""
    modules: dict[str, str] = {}
    monkeypatch.setattr(assets, "_text", lambda path: modules[path])
    return modules


@pytest.mark.skipif(NODE is None, reason="no Node")
def test_every_module_has_a_scope_of_its_own_and_runs_once(folder: dict[str, str], tmp_path: Path) -> None:
    assert NODE is not None
    folder["a/count.js"] = "let n = 0;\nexport function count() { n += 1; return n; }\nexport const first = count();\n"
    folder["a/one.js"] = (
        'import { count } from "./count.js";\nconst span = 10;\nexport const one = () => span + count();\n'
    )
    folder["b/two.js"] = (
        'import { count as tick,\n  first } from "../a/count.js";\nconst span = 20;\n'
        "export function two() { return span + tick() + first; }\n"
    )
    entry = 'import { one } from "./a/one.js";\nimport { two } from "./b/two.js";\nconst span = 0;\n'
    script = tmp_path / "joined.mjs"
    script.write_text(assets.joined(f"{entry}console.log(JSON.stringify([one(), two(), span]));\n"), encoding="utf-8")
    done = subprocess.run([NODE, str(script)], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [12, 24, 0]


def test_a_circle_and_a_name_that_is_not_there_are_refused(folder: dict[str, str]) -> None:
    folder["a.js"] = 'import { b } from "./b.js";\nexport const a = 1;\n'
    folder["b.js"] = 'import { a } from "./a.js";\nexport const b = 1;\n'
    with pytest.raises(ValueError, match=r"in a circle: entry\.js → a\.js → b\.js → a\.js"):
        assets.joined('import { a } from "./a.js";\n')
    folder["b.js"] = "const b = 1;\n"
    with pytest.raises(ValueError, match=r"a\.js imports b, which b\.js does not export"):
        assets.joined('import { a } from "./a.js";\n')


@pytest.mark.skipif(NODE is None, reason="no Node")
@pytest.mark.parametrize("entry", ENTRIES)
def test_a_joined_script_parses_as_a_module(entry: str, tmp_path: Path) -> None:
    assert NODE is not None
    joined = tmp_path / "joined.mjs"
    joined.write_text(assets.script(entry), encoding="utf-8")
    checked = subprocess.run([NODE, "--check", str(joined)], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr


def test_a_style_sheet_fetches_nothing_and_keeps_to_its_own_classes() -> None:
    text = re.sub(r"/\*.*?\*/", "", assets.style(), flags=re.DOTALL)
    assert "url(" not in text
    assert "@import" not in text
    selectors = [part.strip() for rule in re.findall(r"([^{}]+)\{", text) for part in rule.split(",")]
    plain = [
        s
        for s in selectors
        if s and not s.startswith("@") and "qps" not in s and not re.fullmatch(r"[\d.]+%|from|to", s)
    ]
    assert plain == []
