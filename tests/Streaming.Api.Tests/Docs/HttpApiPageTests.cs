using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Streaming.Api.Auth;
using Streaming.Api.Http;
using Streaming.Api.OpenApi;
using Streaming.Api.Routes;
using Streaming.Api.Settings;
using Streaming.Api.Tests.Support;

namespace Streaming.Api.Tests.Docs;

/// <summary>The tables of docs/http-api.md are made from the code. With STREAMING_UPDATE_DOCS=1 they are written anew instead.</summary>
public sealed partial class HttpApiPageTests
{
    private static readonly string Page = Path.Combine(Repository.Root, "docs", "http-api.md");

    /// <summary>The tables by the name of their place.</summary>
    public static TheoryData<string> Tables { get; } = ["routes", "roles", "problems", "settings"];

    [Theory]
    [MemberData(nameof(Tables))]
    public void Table_is_made_from_the_code_of_today(string name)
    {
        var made = name switch { "routes" => Routes(), "roles" => Roles(), "problems" => Problems(), _ => Settings() };
        var (start, end) = ($"<!-- {name} -->\n", $"<!-- /{name} -->");
        var page = File.ReadAllText(Page).ReplaceLineEndings("\n");
        var from = page.IndexOf(start, StringComparison.Ordinal) + start.Length;
        var to = page.IndexOf(end, StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("STREAMING_UPDATE_DOCS") == "1")
        {
            page = page[..from] + made + page[to..];
            File.WriteAllText(Page, page);
            to = page.IndexOf(end, StringComparison.Ordinal);
        }

        Assert.Equal(made, page[from..to]);
    }

    [Fact]
    public void Every_option_says_what_it_means_and_the_defaults_are_sound()
    {
        Assert.Empty(new ApiOptions().Validate());
        Assert.All(Options(typeof(ApiOptions), new ApiOptions(), "Api"), o => Assert.NotEqual("", o.Meaning));
    }

    /// <summary>Every number and time has bounds, and a value beyond them is an error that names it.</summary>
    [Fact]
    public void Every_number_is_bounded()
    {
        var seen = 0;
        foreach (var (part, name, make) in ((Type, string, Func<object, ApiOptions>)[])
        [
            (typeof(LimitOptions), "Limits", o => new ApiOptions { Limits = (LimitOptions)o }), (typeof(RateOptions), "Rates", o => new ApiOptions { Rates = (RateOptions)o }), (typeof(PrivacyOptions), "Privacy", o => new ApiOptions { Privacy = (PrivacyOptions)o }),
            (typeof(BrowserOptions), "Browser", o => new ApiOptions { Browser = (BrowserOptions)o }), (typeof(AuthOptions), "Auth", o => new ApiOptions { Auth = (AuthOptions)o }), (typeof(JwtOptions), "Auth:Jwt", o => new ApiOptions { Auth = new AuthOptions { Jwt = (JwtOptions)o } }),
        ])
        {
            foreach (var property in part.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.PropertyType == typeof(int) || p.PropertyType == typeof(TimeSpan)))
            {
                foreach (var value in property.PropertyType == typeof(int) ? (object[])[-1, int.MaxValue] : [TimeSpan.FromTicks(-1), TimeSpan.MaxValue])
                {
                    var options = Activator.CreateInstance(part)!;
                    property.SetValue(options, value);
                    Assert.Contains(make(options).Validate(), e => e.StartsWith($"{name}:{property.Name} must be ", StringComparison.Ordinal));
                    seen++;
                }
            }
        }

        Assert.True(seen > 40, $"{seen} values tried");
    }

    private static string Routes()
    {
        var table = new StringBuilder("| route | scope | what |\n|---|---|---|\n");
        foreach (var route in ApiRouteTable.Build(new FakePorts().All(), Environments.Default()).All) table.Append(CultureInfo.InvariantCulture, $"| `{route.What}` | {(route.Scope is null ? "any caller" : $"`{route.Scope}`")} | {route.Summary}{(route.IsPrivileged ? "; audited" : "")} |\n");
        return table.ToString();
    }

    private static string Roles()
    {
        var table = new StringBuilder("| role | scopes |\n|---|---|\n");
        foreach (var (role, scopes) in ApiRoles.Scopes) table.Append(CultureInfo.InvariantCulture, $"| `{role}` | {string.Join(", ", scopes.Select(s => $"`{s}`"))} |\n");
        return table.ToString();
    }

    private static string Problems()
    {
        var table = new StringBuilder("| status | kind | title |\n|---|---|---|\n");
        foreach (var kind in ProblemKind.All) table.Append(CultureInfo.InvariantCulture, $"| {kind.Status} | `{kind.Slug}` | {kind.Title} |\n");
        return table.ToString();
    }

    private static string Settings()
    {
        var table = new StringBuilder("| key | default | meaning |\n|---|---|---|\n");
        foreach (var (key, value, meaning) in Options(typeof(ApiOptions), new ApiOptions(), "Api")) table.Append(CultureInfo.InvariantCulture, $"| `{key}` | {(value.Length == 0 ? "–" : $"`{value}`")} | {meaning} |\n");
        return table.ToString();
    }

    private static IEnumerable<(string Key, string Value, string Meaning)> Options(Type type, object options, string path)
    {
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite))
        {
            var value = property.GetValue(options)!;
            if (property.PropertyType.Namespace == type.Namespace)
            {
                foreach (var option in Options(property.PropertyType, value, $"{path}:{property.Name}")) yield return option;
            }
            else
            {
                yield return ($"{path}:{property.Name}", value is IEnumerable<string> list ? string.Join(", ", list) : Convert.ToString(value, CultureInfo.InvariantCulture)!, Line().Replace(XmlDocs.Summary(property), " "));
            }
        }
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Line();
}
