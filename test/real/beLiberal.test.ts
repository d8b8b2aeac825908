import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';

/**
 * A node between a client and a server, whose answers go straight to the client. For a rule about INVALID packets that the node forwards and
 * each value of nf_conntrack_tcp_be_liberal: how many bytes of 5,000 come through.
 */
const SCRIPT = `
exec 2>/dev/null
unshare -n sleep 20 >/dev/null & client=$!
unshare -n sleep 20 >/dev/null & server=$!
sleep 0.3
on() { nsenter -t $1 -n "\${@:2}"; }
ip link add left type veth peer name left netns $client
ip link add right type veth peer name right netns $server
on $client ip link add short type veth peer name short netns $server
ip addr add 10.0.1.1/24 dev left; ip link set left up
ip addr add 10.0.2.1/24 dev right; ip link set right up
on $client ip addr add 10.0.1.2/24 dev left; on $client ip link set left up
on $server ip addr add 10.0.2.2/24 dev right; on $server ip link set right up
on $client ip addr add 10.0.3.1/24 dev short; on $client ip link set short up
on $server ip addr add 10.0.3.2/24 dev short; on $server ip link set short up
on $client ip route add 10.0.2.0/24 via 10.0.1.1
on $server ip route add 10.0.1.2/32 via 10.0.3.1
lax='for each in /proc/sys/net/ipv4/conf/*/rp_filter; do echo 0 > $each; done'
sh -c "$lax"; on $client sh -c "$lax"; on $server sh -c "$lax"
echo 1 > /proc/sys/net/ipv4/ip_forward
serve='require("net").createServer(s => { s.on("error", () => {}); s.end("hello".repeat(1000)); }).listen(8080)'
on $server timeout 18 node -e "$serve" >/dev/null & listener=$!
sleep 0.7
fetch='let n = 0; const s = require("net").connect(8080, "10.0.2.2"); s.on("data", d => { n += d.length; }); s.on("end", () => { console.log(n); process.exit(); }); s.on("error", () => process.exit(1));'
for target in ACCEPT DROP; do
  for liberal in 0 1; do
    iptables -w 5 -F FORWARD
    iptables -w 5 -A FORWARD -m conntrack --ctstate INVALID -j $target
    echo $liberal > /proc/sys/net/netfilter/nf_conntrack_tcp_be_liberal
    conntrack -F >/dev/null
    echo "$target $liberal $(on $client timeout 2 node -e "$fetch" || echo 0)"
  done
done
kill $client $server $listener
`;

describe('nf_conntrack_tcp_be_liberal, where answers take another way than requests', () => {
  it('does not save a connection from a rule that drops INVALID: only leaving that out does', () => {
    const { stdout } = spawnSync('unshare', ['-r', '-n', 'bash', '-c', SCRIPT], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 40_000,
      env: { ...process.env, XTABLES_LOCKFILE: '/dev/null' },
    });
    assert.deepEqual(stdout.trim().split('\n'), ['ACCEPT 0 5000', 'ACCEPT 1 5000', 'DROP 0 0', 'DROP 1 0']);
  });
});
