/**
 * Addresses of peers: which are read, which lead where nobody may be asked.
 *
 * @module
 */

import assert from "node:assert/strict";
import { judgeAddress, type Reach } from "../../mmp/client/address_ranges.ts";
import { parseIp } from "../../mmp/client/ip_address.ts";
import { parsePeerUrl } from "../../mmp/client/peer_url.ts";
import { KairosError } from "../../core/errors.ts";

Deno.test("parsePeerUrl() reads scheme, host and port in their one spelling", () => {
  const rows: readonly [string, string, string, number][] = [
    ["http://peer.example", "http://peer.example", "peer.example", 80],
    ["https://peer.example/", "https://peer.example", "peer.example", 443],
    ["HTTPS://Peer.EXAMPLE:8443", "https://peer.example:8443", "peer.example", 8443],
    ["https://peer.example:443", "https://peer.example", "peer.example", 443],
    ["http://127.0.0.1:8080", "http://127.0.0.1:8080", "127.0.0.1", 8080],
    ["http://[::1]:8080/", "http://[::1]:8080", "::1", 8080],
    ["http://[2606:4700::1111]", "http://[2606:4700::1111]", "2606:4700::1111", 80],
    ["http://localhost:8080", "http://localhost:8080", "localhost", 8080],
    [
      "https://xn--eckwd4c7c.xn--zckzah",
      "https://xn--eckwd4c7c.xn--zckzah",
      "xn--eckwd4c7c.xn--zckzah",
      443,
    ],
  ];
  for (const [text, url, host, port] of rows) {
    const read = parsePeerUrl(text);
    assert.deepEqual([read.url, read.host, read.port], [url, host, port], text);
    assert.equal(read.isIp, parseIp(host) !== null, text);
    assert.equal(read.isSecure, url.startsWith("https:"), text);
  }
});

Deno.test("parsePeerUrl() refuses every other spelling of a host", () => {
  const hosts = [
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "017700000001",
    "127.0.0.01",
    "127.0.0.1.",
    "127.0.0.256",
    "1.2.3.4.5",
    "localhost.",
    "peer.example.",
    "peer..example",
    ".peer.example",
    "-peer.example",
    "peer-.example",
    "peer_x.example",
    "１２７.０.０.１",
    "127。0。0。1",
    "①②⑦.0.0.1",
    "ｌｏｃａｌｈｏｓｔ",
    "раураl.example",
    "%31%32%37.0.0.1",
    "127.0.0.1%00.example",
    "peer.example%2f",
    "[0:0:0:0:0:0:0:1]",
    "[::0001]",
    "[0::1]",
    "[::ffff:127.0.0.1]",
    "[::127.0.0.1]",
    "[fe80::1%25eth0]",
    "[fe80::1%eth0]",
    "[v1.a]",
    "[::1",
    "::1",
    "[127.0.0.1]",
    "xn--a.example",
    "a".repeat(64) + ".example",
    `${"a.".repeat(130)}example`,
    "",
    " ",
    "peer example",
    "peer\texample",
    "peer\n.example",
    "peer.example\\@127.0.0.1",
    "user@127.0.0.1",
    "user:secret@peer.example",
    "peer.example@127.0.0.1",
    "@127.0.0.1",
    "peer.example:80@127.0.0.1",
    "peer.example/path",
    "peer.example//",
    "peer.example/?q=1",
    "peer.example?q=1",
    "peer.example#x",
    "peer.example/../x",
    "peer.example:0",
    "peer.example:00",
    "peer.example:080",
    "peer.example:-1",
    "peer.example:+80",
    "peer.example:65536",
    "peer.example:99999",
    "peer.example:8080 ",
    "peer.example:",
    "peer.example:８０",
    "peer.example:0x50",
    "1",
    "0",
    "a.0x7f",
    "peer.1",
  ];
  for (const host of hosts) {
    for (const text of [`http://${host}`, `https://${host}`]) {
      assert.throws(() => parsePeerUrl(text), is("invalid"), text);
    }
  }
});

Deno.test("parsePeerUrl() refuses every other scheme and form", () => {
  const texts = [
    "",
    "peer.example",
    "peer.example:8080",
    "//peer.example",
    "http:peer.example",
    "http:/peer.example",
    "http:///peer.example",
    "http:\\\\peer.example",
    "http://\\peer.example",
    " http://peer.example",
    "http://peer.example\n",
    "ht\ntp://peer.example",
    "file:///etc/passwd",
    "gopher://peer.example",
    "ftp://peer.example",
    "ws://peer.example",
    "javascript:alert(1)",
    "data:text/plain,x",
    "httpſ://peer.example",
    "https\u0000://peer.example",
    `http://${"a".repeat(400)}`,
  ];
  for (const text of texts) assert.throws(() => parsePeerUrl(text), is("invalid"), text);
});

Deno.test("parsePeerUrl() refuses ports where other protocols listen", () => {
  for (
    const port of [1, 21, 22, 25, 110, 143, 465, 587, 993, 1023, 2049, 6000, 6379, 6667, 11211]
  ) {
    assert.throws(() => parsePeerUrl(`http://peer.example:${port}`), is("refused"), String(port));
  }
});

Deno.test("judgeAddress() knows where an address leads", () => {
  const rows: Readonly<Record<Reach, readonly string[]>> = {
    public: [
      "1.1.1.1",
      "9.255.255.255",
      "11.0.0.0",
      "100.63.255.255",
      "100.128.0.0",
      "126.255.255.255",
      "128.0.0.0",
      "169.253.255.255",
      "172.15.255.255",
      "172.32.0.0",
      "192.167.255.255",
      "198.17.255.255",
      "198.20.0.0",
      "223.255.255.255",
      "2606:4700::1111",
      "2a00:1450:4001::200e",
      "::ffff:1.1.1.1",
      "64:ff9b::1.1.1.1",
      "::ffff:101:101",
    ],
    local: [
      "127.0.0.1",
      "127.255.255.255",
      "10.0.0.1",
      "100.64.0.1",
      "100.127.255.255",
      "169.254.0.1",
      "172.16.0.1",
      "172.31.255.255",
      "192.168.1.1",
      "::1",
      "fc00::1",
      "fdff:ffff::1",
      "fe80::1",
      "febf::1",
      "::ffff:127.0.0.1",
      "::ffff:7f00:1",
      "::ffff:10.1.2.3",
      "64:ff9b::7f00:1",
      "64:ff9b::192.168.1.1",
    ],
    never: [
      "0.0.0.0",
      "0.1.2.3",
      "169.254.169.254",
      "169.254.170.2",
      "168.63.129.16",
      "100.100.100.200",
      "fd00:ec2::23",
      "::ffff:169.254.169.254",
      "64:ff9b::a9fe:a9fe",
      "192.0.0.1",
      "192.0.2.1",
      "192.88.99.1",
      "198.18.0.1",
      "198.51.100.1",
      "203.0.113.1",
      "224.0.0.1",
      "239.255.255.255",
      "240.0.0.1",
      "255.255.255.255",
      "::",
      "::127.0.0.1",
      "::2",
      "::ffff:0:127.0.0.1",
      "64:ff9b:1::1",
      "100::1",
      "2001::1",
      "2001:2::1",
      "2001:10::1",
      "2001:db8::1",
      "2002:7f00:1::1",
      "3fff::1",
      "5f00::1",
      "fd00:ec2::254",
      "fec0::1",
      "ff02::1",
      "4000::1",
      "localhost",
      "",
      "fe80::1%eth0",
      "127.1",
    ],
  };
  for (const [reach, addresses] of Object.entries(rows)) {
    for (const address of addresses) assert.equal(judgeAddress(address).reach, reach, address);
  }
});

Deno.test("parseIp() reads nothing but whole addresses", () => {
  const texts = [
    "1.2.3",
    "1.2.3.4.",
    "1.2.3.4.5",
    ".1.2.3.4",
    "1..2.3",
    "01.2.3.4",
    "1.2.3.256",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1:2:3:4:5:6:7:8::",
    "::1:2:3:4:5:6:7:8",
    "1::2::3",
    ":1",
    "1:",
    ":::",
    "12345::",
    "g::",
    "::1.2.3.4:5",
    "1.2.3.4::",
    "::1.2.3",
    "[::1]",
    " ::1",
    "::1\n",
    "0x1::",
  ];
  for (const text of texts) assert.equal(parseIp(text), null, text);
});

function is(code: string): (error: unknown) => boolean {
  return (error) => error instanceof KairosError && error.code === code;
}
