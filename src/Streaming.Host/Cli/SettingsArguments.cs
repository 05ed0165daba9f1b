namespace Streaming.Host.Cli;

/// <summary>Lets any setting be given as .NET users expect: <c>--Kafka:BootstrapServers=host:9092</c>, or with a blank instead of <c>=</c>.</summary>
internal static class SettingsArguments
{
    /// <summary>Rewrites such arguments to <c>--set KEY=VALUE</c>; everything after <c>--</c> stays.</summary>
    public static string[] Rewrite(IReadOnlyList<string> arguments)
    {
        var result = new List<string>();
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            if (argument == "--") return [.. result, .. arguments.Skip(i)];
            if (!IsSetting(argument))
            {
                result.Add(argument);
                continue;
            }

            result.Add("--set");
            if (argument.Contains('=', StringComparison.Ordinal)) result.Add(argument[2..]);
            else if (i + 1 < arguments.Count) result.Add(argument[2..] + "=" + arguments[++i]);
            else result.Add(argument[2..]);
        }

        return [.. result];
    }

    private static bool IsSetting(string argument)
    {
        if (!argument.StartsWith("--", StringComparison.Ordinal)) return false;
        var name = argument.AsSpan(2);
        var equals = name.IndexOf('=');
        if (equals >= 0) name = name[..equals];
        return name.Contains(':');
    }
}
