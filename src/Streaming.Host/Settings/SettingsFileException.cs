namespace Streaming.Host.Settings;

/// <summary>A settings file is missing or cannot be read.</summary>
internal sealed class SettingsFileException(string message, Exception? inner = null) : Exception(message, inner);
