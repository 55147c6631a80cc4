"""Tells of imports that cannot work: componentize-py takes in what is imported when it builds.

An import within a function runs when the policy is asked, where there are no files to import.
"""

import ast
import sys
from pathlib import Path


def within_functions(file: Path) -> list[int]:
    tree = ast.parse(file.read_text(), str(file))
    functions = [
        node
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
    ]
    return sorted(
        {
            node.lineno
            for function in functions
            for node in ast.walk(function)
            if isinstance(node, (ast.Import, ast.ImportFrom))
        }
    )


found = [
    f"{file}:{line}: an import within a function is not there when the policy is asked; "
    "move it to the top of the file"
    for file in sorted(Path(sys.argv[1]).rglob("*.py"))
    for line in within_functions(file)
]
print(*found, sep="\n", end="\n" if found else "", file=sys.stderr)
sys.exit(1 if found else 0)
