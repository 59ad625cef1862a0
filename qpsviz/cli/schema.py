"""``qpsviz schema``: JSON Schemas in the shell."""

from __future__ import annotations

import argparse
import json
import sys

from qpsviz.cli.usage import Parser
from qpsviz.files import check_place, written_whole
from qpsviz.network.schema import RULES, json_schema


def add_schema(adder: argparse._SubParsersAction[Parser]) -> None:
    """Add the command to the parser's commands."""
    schema = adder.add_parser("schema", help="print the JSON Schema of what files hold", allow_abbrev=False)
    schema.add_argument("kind", choices=tuple(RULES), help="what the file holds")
    schema.add_argument("--out", metavar="FILE", help="write it there (default: standard output)")
    schema.set_defaults(run=run_schema)


def run_schema(arguments: argparse.Namespace) -> None:
    """Print a schema, or write it to a file."""
    text = json.dumps(json_schema(arguments.kind), indent=1, ensure_ascii=False)
    if arguments.out is None:
        print(text)
        return
    check_place(arguments.out)
    with written_whole(arguments.out) as part:
        part.write_text(text + "\n", encoding="utf-8")
    print(f"wrote the schema of a {arguments.kind} to {arguments.out}", file=sys.stderr)
