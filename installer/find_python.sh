#!/bin/sh
# Print the Python that Teak is to use: the first of 3.11 or newer that can make environments,
# else the first of 3.11 or newer. Needs nothing but a POSIX shell; makes and changes nothing.
# TEAK_PYTHON names another one to use.
set -eu

oldest='import sys; sys.exit(sys.version_info < (3, 11))'
candidates=${TEAK_PYTHON:-python3.13 python3.12 python3.11 python3 python}

for test in 'import venv, ensurepip, ctypes, ssl' ''; do
    for candidate in $candidates; do
        if command -v "$candidate" >/dev/null 2>&1 &&
            "$candidate" -c "$oldest" >/dev/null 2>&1 &&
            "$candidate" -c "$test" >/dev/null 2>&1; then
            command -v "$candidate"
            exit 0
        fi
    done
done

{
    echo "Teak needs Python 3.11 or newer; looked for: $candidates."
    if command -v apt-get >/dev/null 2>&1; then
        echo "Install it with:  sudo apt-get install -y python3 python3-venv"
    elif command -v dnf >/dev/null 2>&1; then
        echo "Install it with:  sudo dnf install -y python3.11"
    elif command -v pacman >/dev/null 2>&1; then
        echo "Install it with:  sudo pacman -S --needed python"
    else
        echo "Install it, or name one:  make env TEAK_PYTHON=/path/to/python3.11"
    fi
} >&2
exit 1
