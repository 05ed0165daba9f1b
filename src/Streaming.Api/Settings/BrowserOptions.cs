namespace Streaming.Api.Settings;

/// <summary>What browsers are told.</summary>
public sealed record BrowserOptions
{
    /// <summary>Origins whose pages may ask (CORS), e.g. <c>https://shop.example</c>; empty: none. At most 100. A key in a page is everybody's: let it be for guests alone.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];
    /// <summary>How long a browser is to ask over TLS alone, sent with answers over TLS; 0: not sent. 0 to 2 years.</summary>
    public TimeSpan Hsts { get; init; } = TimeSpan.FromDays(365);

    /// <summary>Every error.</summary>
    public IEnumerable<string> Validate()
    {
        if (AllowedOrigins.Count > 100) yield return $"{nameof(AllowedOrigins)} must be at most 100, not {AllowedOrigins.Count}";
        foreach (var origin in AllowedOrigins)
        {
            if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttps && !uri.IsLoopback) || uri.GetLeftPart(UriPartial.Authority) != origin)
            {
                yield return $"{nameof(AllowedOrigins)} must be https origins without a path, not '{origin}'";
            }
        }

        if (Hsts < TimeSpan.Zero || Hsts > TimeSpan.FromDays(730)) yield return $"{nameof(Hsts)} must be 0 to 2 years, not {Hsts}";
    }
}
