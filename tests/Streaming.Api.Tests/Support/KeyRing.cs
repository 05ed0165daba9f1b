using System.Text.Json;
using Streaming.Api.Auth;

namespace Streaming.Api.Tests.Support;

/// <summary>A file of keys, and the keys that it holds hashes of.</summary>
internal sealed class KeyRing : IDisposable
{
    private readonly List<ApiKeyEntry> _entries = [];

    public string File { get; } = Path.Combine(Path.GetTempPath(), $"streaming-keys-{Guid.NewGuid():N}.json");

    /// <summary>Every secret that was made.</summary>
    public List<string> Secrets { get; } = [];

    public string Add(string id, string? role = null, IReadOnlyList<string>? scopes = null, IReadOnlyList<string>? surfaces = null, DateTimeOffset? expiresAt = null, bool isRevoked = false, bool isGuestsOnly = false)
    {
        var (key, kept) = Create(id);
        _entries.Add(new ApiKeyEntry { Id = id, Roles = role is null ? [] : [role], Scopes = scopes ?? [], Surfaces = surfaces ?? [], ExpiresAt = expiresAt, IsRevoked = isRevoked, IsGuestsOnly = isGuestsOnly, Secrets = [kept] });
        Save();
        return key;
    }

    /// <summary>A second secret for a key, the first valid until then.</summary>
    public string Rotate(string id, DateTimeOffset? firstExpiresAt)
    {
        var (key, kept) = Create(id);
        var at = _entries.FindIndex(e => e.Id == id);
        _entries[at] = _entries[at] with { Secrets = [_entries[at].Secrets[0] with { ExpiresAt = firstExpiresAt }, kept] };
        Save();
        return key;
    }

    public void Remove(string id)
    {
        _entries.RemoveAll(e => e.Id == id);
        Save();
    }

    public void Dispose() => System.IO.File.Delete(File);

    private (string Key, ApiKeySecret Kept) Create(string id)
    {
        var made = ApiKey.Create(id);
        Secrets.Add(made.Key[(ApiKey.Prefix.Length + id.Length + 1)..]);
        return made;
    }

    private void Save() => System.IO.File.WriteAllBytes(File, JsonSerializer.SerializeToUtf8Bytes(new ApiKeyDocument { Keys = _entries }, ApiKeyJson.Default.ApiKeyDocument));
}
