#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the image; nothing is fetched after that.
#
# Packages come from PyPI, and PyTorch's CPU build from PyTorch's own index; pip's own settings (PIP_INDEX_URL,
# PIP_NO_INDEX, PIP_FIND_LINKS) hold, TORCH_INDEX_URL names another index for PyTorch.
set -euo pipefail

source=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
home=/opt/autograder
torch_index=${TORCH_INDEX_URL:-https://download.pytorch.org/whl/cpu}
export DEBIAN_FRONTEND=noninteractive PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore

stop() {
    printf 'setup.sh: %s\n' "$*" >&2
    exit 2
}

refreshed=
install() {
    if [ -z "$refreshed" ]; then
        apt-get update
        refreshed=1
    fi
    apt-get install --yes --no-install-recommends "$@"
}

# Python 3.11 or newer, with what makes an environment.
fits() {
    "$1" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    for python in python3 python3.13 python3.12 python3.11; do
        if fits "$python"; then
            return
        fi
    done
    return 1
}

if ! find_python; then
    for version in 3 3.12 3.13 3.11; do
        if install "python$version" "python$version-venv" && find_python; then
            break
        fi
    done
    find_python || stop "expected Python 3.11 or newer, found $(python3 --version 2>&1); choose a newer base image"
fi

# The walls: bubblewrap where the container allows namespaces, libseccomp and setpriv everywhere.
needed=()
command -v bwrap >/dev/null || needed+=(bubblewrap)
command -v setpriv >/dev/null || needed+=(util-linux)
"$python" -c 'import ctypes; ctypes.CDLL("libseccomp.so.2")' 2>/dev/null || needed+=(libseccomp2)
[ ${#needed[@]} = 0 ] || install "${needed[@]}"

"$python" -m venv --clear "$home"
pip() {
    "$home/bin/python" -m pip install --no-cache-dir --no-compile --constraint "$source/constraints.txt" "$@"
}
pip --no-deps --index-url "$torch_index" --requirement "$source/requirements-torch.txt"
pip --requirement "$source/requirements.txt" --requirement "$source/requirements-torch.txt"

# Everything is imported once: that compiles it, and shows what does not work now rather than with the first student.
OMP_NUM_THREADS=1 PYTHONPATH="$source/course" "$home/bin/python" -P -m autograder.gradescope.prepare

# Students' code runs as another user: the hidden tests are closed to it, what it needs is open.
chmod -R go-rwx "$source"
chmod go+x "$source" "$source"/course{,/autograder}
chmod go+rx "$source"/course/autograder/sandbox  # Python lists a folder in which it looks for a module
chmod -R go+rX "$source"/course/release "$source"/course/autograder/sandbox/worker
