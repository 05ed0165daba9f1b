namespace Streaming.Host.Settings;

/// <summary>Consent that holds until a user says otherwise.</summary>
internal enum ConsentDefault
{
    /// <summary>Personalise, market and measure.</summary>
    Granted,
    /// <summary>None of them.</summary>
    Denied,
}
