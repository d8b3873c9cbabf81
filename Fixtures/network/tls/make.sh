#!/bin/sh
# Makes the certificates of the TLS tests anew: one authority, and server certificates that are good,
# expired, not yet valid, and for another name. Tests only: the keys are public.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
touch "$work/index"
cat > "$work/ca.conf" <<END
[ca]
default_ca = test
[test]
database = $work/index
new_certs_dir = $work
rand_serial = yes
default_md = sha256
policy = any
unique_subject = no
copy_extensions = copy
[any]
commonName = supplied
END
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$work/ca.key" -out ca.pem \
  -days 20000 -subj "/CN=Precall test authority" 2>/dev/null
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout server.key -out "$work/any.csr" \
  -subj "/CN=any" 2>/dev/null
make() { # NAME ALT-NAMES FROM TO
  openssl req -new -key server.key -subj "/CN=$1" -addext "subjectAltName=$2" -out "$work/$1.csr"
  openssl ca -batch -config "$work/ca.conf" -cert ca.pem -keyfile "$work/ca.key" -in "$work/$1.csr" \
    -startdate "$3" -enddate "$4" -notext -out "$1.pem" 2>/dev/null
}
here="DNS:localhost,IP:127.0.0.1,IP:::1"
make good "$here" 20250101000000Z 20800101000000Z
make expired "$here" 20200101000000Z 20210101000000Z
make not-yet-valid "$here" 20790101000000Z 20800101000000Z
make wrong-name "DNS:elsewhere.example" 20250101000000Z 20800101000000Z
