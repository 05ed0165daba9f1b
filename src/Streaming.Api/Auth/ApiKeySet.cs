using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text.Json;

namespace Streaming.Api.Auth;

/// <summary>The keys of one reading of the file. Immutable.</summary>
internal sealed class ApiKeySet
{
    // What guests-only binds: other routes speak of users without naming one.
    private static readonly string[] ForGuests = [ApiScopes.RecommendationsRead, ApiScopes.ProfilesRead, ApiScopes.EventsWrite];

    private const int MaxSecrets = 2, HashBytes = 32;

    // Every key is compared with two hashes, one that nobody has too, so that the time does not tell which ids there are.
    private static readonly Secret Decoy = new(RandomNumberGenerator.GetBytes(16), RandomNumberGenerator.GetBytes(HashBytes), null);
    private static readonly Secret[] Decoys = [Decoy, Decoy];
    private readonly FrozenDictionary<string, Entry> _entries;

    private ApiKeySet(FrozenDictionary<string, Entry> entries) => _entries = entries;

    /// <summary>No key.</summary>
    public static ApiKeySet None { get; } = new(FrozenDictionary<string, Entry>.Empty);

    /// <summary>Number of keys.</summary>
    public int Count => _entries.Count;

    /// <summary>Reads the file's bytes.</summary>
    /// <exception cref="FormatException">They are no sound file; the message names every error, and no hash.</exception>
    public static ApiKeySet Parse(ReadOnlySpan<byte> json)
    {
        ApiKeyDocument document;
        try
        {
            document = JsonSerializer.Deserialize(json, ApiKeyJson.Default.ApiKeyDocument) ?? throw new FormatException("is null");
        }
        catch (JsonException e)
        {
            throw new FormatException($"line {e.LineNumber + 1}: no key document at {e.Path}", e);
        }

        var entries = new Dictionary<string, Entry>(StringComparer.Ordinal);
        var errors = new List<string>();
        for (var i = 0; i < document.Keys.Count; i++)
        {
            // A null in a list is no null to the reader of JSON.
            if (document.Keys[i] is not { } key || key.Secrets.Contains(null!) || key.Roles?.Contains(null!) == true || key.Scopes?.Contains(null!) == true || key.Surfaces?.Contains(null!) == true)
            {
                errors.Add($"key {i + 1}: neither it nor anything in its lists may be null");
                continue;
            }

            // By its number: whoever wrote a secret in the place of the id shall not find it in a log.
            if (!ApiKey.IsId(key.Id)) errors.Add($"key {i + 1}: an id must be 1 to 32 of a-z, 0-9 and hyphen");
            if (key.Roles?.All(ApiRoles.Scopes.ContainsKey) == false) errors.Add($"key {i + 1}: roles are {string.Join(", ", ApiRoles.Scopes.Keys)}");
            if (key.Scopes?.Except(ApiScopes.All).Any() == true) errors.Add($"key {i + 1}: scopes are {string.Join(", ", ApiScopes.All)}");
            if (key.IsGuestsOnly && Entry.ScopesOf(key).Except(ForGuests).Any()) errors.Add($"key {i + 1}: isGuestsOnly binds {string.Join(", ", ForGuests)} and may have no other scope");
            if (key.Secrets.Count is < 1 or > MaxSecrets) errors.Add($"key {i + 1}: must have 1 or 2 secrets, not {key.Secrets.Count}");
            if (!key.Secrets.All(s => IsBase64(s.Salt, 16) && IsBase64(s.Hash, HashBytes))) errors.Add($"key {i + 1}: salt must be 16 bytes and hash 32, in base64");
            if (errors.Count == 0 && !entries.TryAdd(key.Id, Entry.Of(key))) errors.Add($"key {i + 1}: its id is there already");
        }

        return errors.Count == 0 ? new ApiKeySet(entries.ToFrozenDictionary(StringComparer.Ordinal)) : throw new FormatException(string.Join("; ", errors));
    }

    /// <summary>Checks a key.</summary>
    /// <param name="key">As sent.</param>
    /// <param name="now">Time, for expiry.</param>
    public CallerCheck Check(string key, DateTimeOffset now)
    {
        if (!ApiKey.TryParse(key, out var id)) return new CallerCheck(null, "malformed_key");
        var known = _entries.TryGetValue(id, out var entry);
        var matched = Match(known ? entry!.Secrets : Decoys, key, now, out var expired);
        if (!known) return new CallerCheck(null, "unknown_key");
        if (!matched) return new CallerCheck(null, expired ? "expired_secret" : "wrong_secret", entry!.Caller.Who);
        if (entry!.IsRevoked) return new CallerCheck(null, "revoked_key", entry.Caller.Who);
        return entry.ExpiresAt <= now ? new CallerCheck(null, "expired_key", entry.Caller.Who) : new CallerCheck(entry.Caller);
    }

    // Every secret is compared, whole and in constant time; none ends the search.
    private static bool Match(Secret[] secrets, string key, DateTimeOffset now, out bool expired)
    {
        var (matched, late) = (false, false);
        foreach (var secret in secrets)
        {
            var same = CryptographicOperations.FixedTimeEquals(ApiKey.Hash(secret.Salt, key), secret.Hash);
            var valid = secret.ExpiresAt is null || secret.ExpiresAt > now;
            matched |= same & valid;
            late |= same & !valid;
        }

        expired = late;
        return matched;
    }

    private static bool IsBase64(string text, int bytes)
    {
        var room = new byte[bytes + 3];
        return Convert.TryFromBase64String(text, room, out var length) && length == bytes;
    }

    private sealed record Secret(byte[] Salt, byte[] Hash, DateTimeOffset? ExpiresAt);

    private sealed record Entry(Caller Caller, DateTimeOffset? ExpiresAt, bool IsRevoked, Secret[] Secrets)
    {
        public static IEnumerable<string> ScopesOf(ApiKeyEntry key) => (key.Roles ?? []).SelectMany(r => ApiRoles.Scopes.GetValueOrDefault(r) ?? []).Concat(key.Scopes ?? []);

        public static Entry Of(ApiKeyEntry key)
        {
            var scopes = ScopesOf(key).ToFrozenSet(StringComparer.Ordinal);
            var secrets = key.Secrets.Select(s => new Secret(Convert.FromBase64String(s.Salt), Convert.FromBase64String(s.Hash), s.ExpiresAt)).Append(Decoy).Take(MaxSecrets).ToArray();
            return new Entry(new Caller("key:" + key.Id, scopes, (key.Surfaces ?? []).ToFrozenSet(StringComparer.Ordinal), key.IsGuestsOnly), key.ExpiresAt, key.IsRevoked, secrets);
        }
    }
}
