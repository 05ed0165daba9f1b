namespace Streaming.Api.Auth;

/// <summary>What a caller may do. A route needs one of these, a key has some, a role is a set of them.</summary>
public static class ApiScopes
{
    /// <summary>Lists and orders.</summary>
    public const string RecommendationsRead = "recommendations:read";
    /// <summary>Profiles, risk, segment.</summary>
    public const string ProfilesRead = "profiles:read";
    /// <summary>Events in.</summary>
    public const string EventsWrite = "events:write";
    /// <summary>Erasure of a person.</summary>
    public const string PrivacyErase = "privacy:erase";
    /// <summary>Export of a person's data.</summary>
    public const string PrivacyExport = "privacy:export";
    /// <summary>Dead letters, contents included.</summary>
    public const string DeadLettersRead = "dead-letters:read";
    /// <summary>Dead letters go through once more.</summary>
    public const string DeadLettersRedrive = "dead-letters:redrive";
    /// <summary>Which models there are.</summary>
    public const string ModelsRead = "models:read";
    /// <summary>Another model in force.</summary>
    public const string ModelsChange = "models:change";
    /// <summary>How the pause switch stands.</summary>
    public const string PauseRead = "pause:read";
    /// <summary>The pause switch.</summary>
    public const string PauseChange = "pause:change";

    /// <summary>Every scope.</summary>
    public static IReadOnlyList<string> All { get; } =
        [RecommendationsRead, ProfilesRead, EventsWrite, PrivacyErase, PrivacyExport, DeadLettersRead, DeadLettersRedrive, ModelsRead, ModelsChange, PauseRead, PauseChange];
}
