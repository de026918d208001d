"""Builds the extension module with CMake and puts it, libbeholder and the bundled model into the package."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

ROOT = Path(__file__).resolve().parent


def version() -> str:
    """The one version of the project, as CMakeLists.txt has it."""
    text = (ROOT / "CMakeLists.txt").read_text(encoding="utf-8")
    found = re.search(r"^project\(beholder VERSION (\S+)", text, re.MULTILINE)
    if found is None:
        raise SystemExit("setup.py: CMakeLists.txt names no version in its project() line")
    return found.group(1)


class CMakeBuild(build_ext):
    """`pip install .` calls CMake, as `make` does; the extension is one of its targets."""

    def build_extension(self, ext: Extension) -> None:
        # Under build/, where the other builds are, so that a second install compiles what changed.
        build = ROOT / "build" / f"python-{sys.implementation.cache_tag}"
        package = Path(self.get_ext_fullpath(ext.name)).resolve().parent
        package.mkdir(parents=True, exist_ok=True)
        configure = ["cmake", "-S", str(ROOT), "-B", str(build), "-DCMAKE_BUILD_TYPE=Release",
                     "-DBEHOLDER_BUILD_TESTS=OFF", "-DBEHOLDER_BUILD_TOOLS=OFF", "-DBEHOLDER_BUILD_PYTHON=ON",
                     f"-DPython_EXECUTABLE={sys.executable}"]
        if shutil.which("ninja") and not (build / "CMakeCache.txt").exists():
            configure += ["-G", "Ninja"]
        jobs = os.environ.get("CMAKE_BUILD_PARALLEL_LEVEL") or str(os.cpu_count() or 1)
        try:
            subprocess.run(configure, check=True)
            subprocess.run(["cmake", "--build", str(build), "--target", "beholder_python", "--parallel", jobs],
                           check=True)
        except FileNotFoundError:
            raise SystemExit("setup.py: cmake is not there; run `sh tools/install_dependencies.sh` first") from None
        except subprocess.CalledProcessError as error:
            raise SystemExit(f"setup.py: {' '.join(error.cmd[:2])} failed (see above); missing libraries are "
                             "installed by `sh tools/install_dependencies.sh`") from None
        for file in (build / "python" / "package").iterdir():
            shutil.copy2(file, package / file.name)
        model = package / "models" / "beholder"
        shutil.rmtree(model, ignore_errors=True)
        shutil.copytree(ROOT / "models" / "beholder", model)


setup(version=version(), ext_modules=[Extension("beholder._core", sources=[])], cmdclass={"build_ext": CMakeBuild})
