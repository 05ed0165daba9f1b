using System.Text.RegularExpressions;

namespace Streaming.Host.Settings;

/// <summary>Keeps secrets out of everything that is printed.</summary>
internal static partial class Redaction
{
    /// <summary>What is printed in a secret's place.</summary>
    public const string Mask = "***";

    /// <summary>True where a key's last part names a secret.</summary>
    public static bool IsSecretName(string key) => SecretName().IsMatch(key[(key.LastIndexOf(':') + 1)..]);

    /// <summary>The text with passwords inside addresses (<c>scheme://user:password@host</c>) and key-value pairs masked.</summary>
    public static string Text(string text) => PasswordPair().Replace(UserInfo().Replace(text, "$1" + Mask + "@"), "$1" + Mask);

    /// <summary>The value as it may be printed under its key.</summary>
    public static string Value(string key, string text) => IsSecretName(key) && text.Length > 0 ? Mask : Text(text);

    [GeneratedRegex(@"pass(word|phrase)?$|secret|token$|salt$|api[_.-]?key$|key[_.-]?pem$|private[_.-]?key|credential|jaas", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();

    [GeneratedRegex(@"(\w+://[^/\s:@]*:)[^@\s/]*@")]
    private static partial Regex UserInfo();

    [GeneratedRegex(@"(\bpass(?:word)?\s*=\s*)[^\s;,]+", RegexOptions.IgnoreCase)]
    private static partial Regex PasswordPair();
}
