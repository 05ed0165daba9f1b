using System.Security.Cryptography;
using System.Text;

namespace Streaming.Api.Events;

/// <summary>
/// Ids for events of a request that names a key for itself: the same key gives the same ids, so that a repeat takes effect once, on whichever node it comes to (the engine's duplicate window). The
/// newest keys' bodies are remembered by a hash: another body under one is a mistake of the caller's, which a node that saw both says.
/// </summary>
/// <param name="most">Keys remembered.</param>
internal sealed class IdempotencyKeys(int most)
{
    /// <summary>The header.</summary>
    public const string Header = "Idempotency-Key";

    private const int MaxLength = 200, PrefixBytes = 16;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _bodies = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    /// <summary>True for 1 to 200 visible ASCII characters.</summary>
    public static bool IsSound(string key) => key.Length is > 0 and <= MaxLength && key.All(c => c is > ' ' and < '\x7f');

    /// <summary>What the ids of a caller's request begin with.</summary>
    public static string PrefixOf(string who, string key) => "ik-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{who}\n{key}")).AsSpan(0, PrefixBytes));

    /// <summary>Remembers a body.</summary>
    /// <returns>False where another one is remembered.</returns>
    public bool TryRemember(string prefix, ReadOnlySpan<byte> body)
    {
        var hash = Convert.ToHexString(SHA256.HashData(body));
        lock (_gate)
        {
            if (_bodies.TryGetValue(prefix, out var known)) return known == hash;
            if (_order.Count == most) _bodies.Remove(_order.Dequeue());
            _bodies.Add(prefix, hash);
            _order.Enqueue(prefix);
            return true;
        }
    }
}
