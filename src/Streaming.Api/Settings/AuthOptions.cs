namespace Streaming.Api.Settings;

/// <summary>Who is answered. Nobody, as long as none of the three is set.</summary>
public sealed record AuthOptions
{
    /// <summary>File of API keys; empty: there are none. It holds salted hashes, no secret.</summary>
    public string KeysFile { get; init; } = "";
    /// <summary>How often the file is looked at: a key that is taken out is refused after this at the latest. 100 ms to 1 h.</summary>
    public TimeSpan KeysReload { get; init; } = TimeSpan.FromSeconds(5);
    /// <summary>Tokens of an identity provider; off while its issuer is empty.</summary>
    public JwtOptions Jwt { get; init; } = new();
    /// <summary>True: whoever asks from this machine, as localhost or by an address and not through a proxy that says so, may do everything without a key. For a developer's machine: an error beside keys or tokens, and outside the Development environment.</summary>
    public bool AllowLoopbackWithoutKey { get; init; }
    /// <summary>True: the same outside the Development environment, where no proxy stands before the engine. One that adds no header is not seen.</summary>
    public bool AllowLoopbackInProduction { get; init; }

    /// <summary>True where one of the three is set.</summary>
    public bool AnswersSomebody => KeysFile.Length > 0 || Jwt.IsOn || AllowLoopbackWithoutKey;

    /// <summary>Every error.</summary>
    public IEnumerable<string> Validate()
    {
        if (KeysReload < TimeSpan.FromMilliseconds(100) || KeysReload > TimeSpan.FromHours(1)) yield return $"{nameof(KeysReload)} must be 100 ms to 1 h, not {KeysReload}";
        if (AllowLoopbackWithoutKey && (KeysFile.Length > 0 || Jwt.IsOn)) yield return $"{nameof(AllowLoopbackWithoutKey)} must not be set beside {nameof(KeysFile)} or {nameof(Jwt)}";
        foreach (var error in Jwt.Validate()) yield return "Jwt:" + error;
    }
}
