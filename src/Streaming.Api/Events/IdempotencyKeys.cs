using System.Security.Cryptography;
using System.Text;

namespace Streaming.Api.Events;

/// <summary>
/// Ids for events of a request that names a key for itself: the same body under the same key gives the same ids, so that a repeat takes effect once, on whichever node it comes to (the engine's duplicate
/// window). Another body gives others, so that none of its events is taken for one that was written. The newest keys' bodies are remembered by a hash: another body under one is a mistake of the caller's,
/// which a node that saw both says.
/// </summary>
/// <param name="most">Keys remembered.</param>
internal sealed class IdempotencyKeys(int most)
{
    /// <summary>The header.</summary>
    public const string Header = "Idempotency-Key";

    private const int MaxLength = 200, PrefixLength = 32;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _bodies = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    /// <summary>True for 1 to 200 visible ASCII characters.</summary>
    public static bool IsSound(string key) => key.Length is > 0 and <= MaxLength && key.All(c => c is > ' ' and < '\x7f');

    /// <summary>What the ids of a caller's request begin with: it follows from the body too.</summary>
    public static string PrefixOf(string who, string key, string bodyHash) => "ik-" + Hash($"{who}\n{key}\n{bodyHash}")[..PrefixLength];

    /// <summary>What is said of a body.</summary>
    public static string HashOf(ReadOnlySpan<byte> body) => Convert.ToHexStringLower(SHA256.HashData(body));

    /// <summary>Remembers a body by its hash.</summary>
    /// <returns>False where another one is remembered.</returns>
    public bool TryRemember(string who, string key, string bodyHash)
    {
        var name = Hash($"{who}\n{key}");
        lock (_gate)
        {
            if (_bodies.TryGetValue(name, out var known)) return known == bodyHash;
            if (_order.Count == most) _bodies.Remove(_order.Dequeue());
            _bodies.Add(name, bodyHash);
            _order.Enqueue(name);
            return true;
        }
    }

    private static string Hash(string text) => HashOf(Encoding.UTF8.GetBytes(text));
}
