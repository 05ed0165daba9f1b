namespace Streaming.Host.Settings;

/// <summary>One thing wrong with the configuration.</summary>
/// <param name="Key">The key concerned.</param>
/// <param name="Message">What is wrong and what would be right, as a sentence whose subject is the key; never holds a secret.</param>
/// <param name="IsUnknownKey">True where nothing reads the key at all.</param>
internal sealed record SettingsError(string Key, string Message, bool IsUnknownKey = false)
{
    private static readonly string[] Verbs = ["must", "is", "needs", "cannot", "may", "has"];

    /// <inheritdoc/>
    public override string ToString() => Message.StartsWith(':') ? Key + Message : IsSentence ? $"{Key} {Message}" : $"{Key}: {Message}";

    // Records end the sentence that the option's name begins, or write words of their own.
    private bool IsSentence => Verbs.Contains(Message.Split(' ')[0], StringComparer.Ordinal);
}
