namespace Streaming.Api.Settings;

/// <summary>The HTTP interface.</summary>
public sealed record ApiOptions
{
    /// <summary>Who is answered.</summary>
    public AuthOptions Auth { get; init; } = new();
    /// <summary>Sizes, counts and times of a request.</summary>
    public LimitOptions Limits { get; init; } = new();
    /// <summary>Requests in a time.</summary>
    public RateOptions Rates { get; init; } = new();
    /// <summary>What browsers are told.</summary>
    public BrowserOptions Browser { get; init; } = new();
    /// <summary>What receipts say.</summary>
    public PrivacyOptions Privacy { get; init; } = new();

    /// <summary>Every error at once, each with the option's name.</summary>
    public IEnumerable<string> Validate() =>
        Auth.Validate().Select(e => "Auth:" + e).Concat(Limits.Validate().Select(e => "Limits:" + e)).Concat(Rates.Validate().Select(e => "Rates:" + e))
            .Concat(Browser.Validate().Select(e => "Browser:" + e)).Concat(Privacy.Validate().Select(e => "Privacy:" + e))
            .Concat(Limits.MaxQueries > Rates.KeyBurst ? ["Limits:MaxQueries must not be above Rates:KeyBurst: a batch counts as its questions"] : [])
            .Concat(Limits.MaxEvents > Rates.EventsBurst ? ["Limits:MaxEvents must not be above Rates:EventsBurst: each event of a request counts"] : []);

    /// <summary>What is wrong with them where they are served, beside <see cref="Validate"/>.</summary>
    /// <param name="isDevelopment">Whether the host is in the Development environment.</param>
    /// <param name="givesReceipts">Whether it erases or exports people.</param>
    public IEnumerable<string> ValidateServed(bool isDevelopment, bool givesReceipts)
    {
        if (Auth is { AllowLoopbackWithoutKey: true, AllowLoopbackInProduction: false } && !isDevelopment) yield return "Auth:AllowLoopbackWithoutKey must not be set outside the Development environment, but beside Auth:AllowLoopbackInProduction";
        if (Privacy.HashSalt.Length == 0 && givesReceipts) yield return "Privacy:HashSalt must be set where people are erased or exported: receipts are matched by it";
    }
}
