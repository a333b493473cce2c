export const TRUST_HELP = `cellbench trust ENDPOINT: trusts the certificate of an OPC UA server
  npx cellbench trust opc.tcp://192.168.0.30:4840
  npx cellbench trust opc.tcp://192.168.0.30:4840 --thumbprint 3F0A...

ENDPOINT  opc.tcp://host:port, as in the bench file

Shows what the server offers (channels and kinds of users) and its certificate: name, names in it, dates, SHA-256 and
SHA-1. Compare these with what the server itself shows (TIA, TwinCAT, CODESYS), then trust it by its SHA-256. Nothing is
trusted otherwise, and a server with another certificate is refused, whatever its name.

  --thumbprint SHA256  trust the certificate with this SHA-256 from now on
  --forget SHA256      trust it no longer
  --help               this text

It shows our own certificate too, which the server must trust in its turn (made when first needed: RSA 2048, its key with
mode 600). All of it lies in the folder cellbench/opcua of your configuration ($XDG_CONFIG_HOME, ~/.config).

Exit codes: 0 trusted, 1 shown and not trusted, 2 bad input, or nobody answers there.`;
