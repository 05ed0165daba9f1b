namespace Streaming.Host.Settings;

/// <summary>Consent of users who never gave or withdrew it.</summary>
internal sealed record ConsentOptions
{
    /// <summary>granted or denied; <c>run</c> refuses to start without it, because no default is right for every shop's law.</summary>
    public ConsentDefault? Default { get; init; }

    /// <summary>Every error.</summary>
    public IEnumerable<string> Validate()
    {
        if (Default is null) yield return "Default is required: granted or denied (--consent-default).";
    }
}
