"""``config/sample`` -> a copy whose addresses have the ports of a running newsroom."""

from __future__ import annotations

from pathlib import Path

SAMPLE = Path(__file__).parents[2] / "config" / "sample"
OBSERVATORY_PORT = 8081
GAZETTE_PORT = 8082


def write_sample_config(target: Path, *, observatory_port: int, gazette_port: int, sample: Path | None = None) -> Path:
    """Copy the sample configuration into a folder.

    Args:
        target: Made where it is missing; files of the same names are replaced.
        observatory_port: Takes the place of 8081 in every file.
        gazette_port: Takes the place of 8082.
        sample: Folder to copy in place of ``config/sample``.

    Returns:
        The folder, as ``--config`` takes it.
    """
    ports = {f":{OBSERVATORY_PORT}": f":{observatory_port}", f":{GAZETTE_PORT}": f":{gazette_port}"}
    folder = sample or SAMPLE
    for source in sorted(folder.rglob("*.toml")):
        # One pass over the text, so that a port that was put in is never replaced again.
        pieces = source.read_text(encoding="utf-8").split(f":{OBSERVATORY_PORT}")
        text = ports[f":{OBSERVATORY_PORT}"].join(
            piece.replace(f":{GAZETTE_PORT}", ports[f":{GAZETTE_PORT}"]) for piece in pieces
        )
        copy = target / source.relative_to(folder)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(text, encoding="utf-8")
    return target
