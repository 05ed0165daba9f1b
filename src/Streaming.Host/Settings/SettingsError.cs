namespace Streaming.Host.Settings;

/// <summary>One thing wrong with the configuration.</summary>
/// <param name="Key">The key concerned.</param>
/// <param name="Message">What is wrong and what would be right, as a sentence whose subject is the key; never holds a secret.</param>
internal sealed record SettingsError(string Key, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => Message.StartsWith(':') ? Key + Message : $"{Key} {Message}";
}
