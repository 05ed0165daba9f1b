using System.Globalization;
using Streaming.Faults.Cases;

namespace Streaming.Faults.Net;

/// <summary>
/// A small network on this machine: a bridge, and nodes in network namespaces of their own that hang on it. This program and the broker are at the bridge, so that both
/// reach every node at any time; the nodes reach each other until what one sends to another is dropped.
/// </summary>
/// <param name="number">Which one, 0 to 255: its addresses are 10.77.NUMBER.x.</param>
internal sealed class NetworkSpace(int number)
{
    // The kernel takes 15 characters at most for a link. With a dash: flt1 is no beginning of flt14.
    private readonly string _prefix = string.Create(CultureInfo.InvariantCulture, $"flt{number}-");

    // A packet to this address leaves its node and is taken by nobody, as on a line that is cut; nobody hears of it. A route that refuses would tell the sender at once.
    private const string Nowhere = "02:de:ad:de:ad:00", Link = "eth0";
    private readonly List<(NetworkPlace From, string To)> _dropped = [];

    /// <summary>The bridge's address: where this program and the broker are.</summary>
    public string Gateway => AddressOf(1);

    private string Bridge => _prefix + "br";

    /// <summary>Makes the bridge; what a run that was killed left behind is removed first.</summary>
    /// <exception cref="CaseSkippedException">This process may not make one.</exception>
    public void Open()
    {
        if (!OperatingSystem.IsLinux()) throw new CaseSkippedException("network namespaces are Linux's");
        if (IpCommand.Try("netns", "list") is { Code: not 0 } listed) throw new CaseSkippedException($"network namespaces are needed, and ip does not list them: {listed.Error.Trim()}");
        Close();
        if (IpCommand.Try("link", "add", Bridge, "type", "bridge") is { Code: not 0 } made) throw new CaseSkippedException($"a bridge is needed, and this process may not make one: {made.Error.Trim()}");
        IpCommand.Run("addr", "add", Gateway + "/24", "dev", Bridge);
        IpCommand.Run("link", "set", Bridge, "up");
    }

    /// <summary>Makes a namespace with an address on the bridge.</summary>
    /// <param name="host">Last part of the address, 2 to 254.</param>
    /// <exception cref="CaseSkippedException">This process may not make one.</exception>
    public NetworkPlace Add(int host)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{_prefix}{host}");
        if (IpCommand.Try("netns", "add", name) is { Code: not 0 } made) throw new CaseSkippedException($"a network namespace is needed, and this process may not make one: {made.Error.Trim()}");
        IpCommand.Run("link", "add", name, "type", "veth", "peer", "name", Link, "netns", name);
        IpCommand.Run("link", "set", name, "master", Bridge, "up");
        IpCommand.Run("-n", name, "link", "set", "lo", "up");
        IpCommand.Run("-n", name, "addr", "add", AddressOf(host) + "/24", "dev", Link);
        IpCommand.Run("-n", name, "link", "set", Link, "up");
        return new NetworkPlace(AddressOf(host), name);
    }

    /// <summary>From now on nothing that one node sends to another arrives; the other direction stays as it is.</summary>
    public void Drop(NetworkPlace from, NetworkPlace to)
    {
        IpCommand.Run("-n", from.Namespace!, "neigh", "replace", to.Host, "lladdr", Nowhere, "dev", Link, "nud", "permanent");
        _dropped.Add((from, to.Host));
    }

    /// <summary>Everything arrives again.</summary>
    public void Heal()
    {
        foreach (var (from, to) in _dropped) IpCommand.Run("-n", from.Namespace!, "neigh", "del", to, "dev", Link);
        _dropped.Clear();
    }

    /// <summary>Removes all of it, and ends what still runs in a namespace.</summary>
    public void Close()
    {
        _dropped.Clear();
        if (IpCommand.Try("netns", "list") is not { Code: 0 } listed) return; // then nothing was made either
        foreach (var name in listed.Output.Split('\n').Select(line => line.Split(' ')[0]).Where(IsOurs))
        {
            // A namespace lives as long as a process in it, and only this program's engines are in these.
            foreach (var process in IpCommand.Run("netns", "pids", name).Split('\n', StringSplitOptions.RemoveEmptyEntries)) Signals.SendKill(int.Parse(process, CultureInfo.InvariantCulture));
            IpCommand.Run("netns", "del", name);
        }

        // A link may be gone already: it goes with its namespace, a moment later.
        foreach (var line in IpCommand.Run("-o", "link", "show").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var name = line.Split(':')[1].Split('@')[0].Trim();
            if (IsOurs(name)) _ = IpCommand.Try("link", "del", name);
        }
    }

    private string AddressOf(int host) => string.Create(CultureInfo.InvariantCulture, $"10.77.{number}.{host}");

    private bool IsOurs(string name) => name.StartsWith(_prefix, StringComparison.Ordinal);
}
