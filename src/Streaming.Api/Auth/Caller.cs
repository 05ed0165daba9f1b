using System.Collections.Frozen;

namespace Streaming.Api.Auth;

/// <summary>Who asks, once it is proved.</summary>
/// <param name="Who"><c>key:ID</c>, <c>token:SUBJECT</c> or <c>loopback</c>: for logs, limits and the audit log.</param>
/// <param name="Scopes">What it may do.</param>
/// <param name="Surfaces">Surfaces it may ask for; empty: all.</param>
/// <param name="IsGuestsOnly">True where it may speak of guests alone.</param>
internal sealed record Caller(string Who, FrozenSet<string> Scopes, FrozenSet<string> Surfaces, bool IsGuestsOnly = false)
{
    /// <summary>In place of a caller where none was proved.</summary>
    public const string Nobody = "nobody";

    /// <summary>Whoever asks from this machine, where that is enough.</summary>
    public static Caller Loopback { get; } = new("loopback", ApiScopes.All.ToFrozenSet(StringComparer.Ordinal), []);

    /// <summary>True where it may ask for lists of a surface.</summary>
    public bool MayShow(string surface) => Surfaces.Count == 0 || Surfaces.Contains(surface);
}

/// <summary>A caller, or why there is none.</summary>
/// <param name="Caller">Who; null: nobody.</param>
/// <param name="Reason">Code of the reason for the audit log; the answer does not say it.</param>
/// <param name="Who">A known key whose proof failed; null: not known.</param>
internal readonly record struct CallerCheck(Caller? Caller, string Reason = "", string? Who = null)
{
    /// <summary>Whether it cannot be told now: the identity provider does not answer.</summary>
    public bool IsUnavailable { get; init; }
}
