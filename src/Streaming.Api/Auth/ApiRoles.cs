namespace Streaming.Api.Auth;

/// <summary>Names for sets of scopes, for keys and for the role claim of tokens.</summary>
public static class ApiRoles
{
    /// <summary>A storefront: lists.</summary>
    public const string Reader = "reader";
    /// <summary>A storefront's backend that sends events.</summary>
    public const string Writer = "writer";
    /// <summary>Marketing: lists and profiles.</summary>
    public const string Marketer = "marketer";
    /// <summary>Operation: dead letters, models, pause. No profile, no list of a person.</summary>
    public const string Operator = "operator";
    /// <summary>Answers people's requests: profile, export, erasure.</summary>
    public const string PrivacyOfficer = "privacyOfficer";

    /// <summary>Scopes by role.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Scopes { get; } = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
    {
        [Reader] = [ApiScopes.RecommendationsRead],
        [Writer] = [ApiScopes.EventsWrite],
        [Marketer] = [ApiScopes.RecommendationsRead, ApiScopes.ProfilesRead],
        [Operator] = [ApiScopes.DeadLettersRead, ApiScopes.DeadLettersRedrive, ApiScopes.ModelsRead, ApiScopes.ModelsChange, ApiScopes.PauseRead, ApiScopes.PauseChange],
        [PrivacyOfficer] = [ApiScopes.ProfilesRead, ApiScopes.PrivacyErase, ApiScopes.PrivacyExport],
    };
}
