using Streaming.Core.Fold;

namespace Streaming.Host.Settings;

/// <summary>Every section there is: one line each.</summary>
internal static class SettingsCatalog
{
    /// <summary>The sections, in the order they are shown.</summary>
    public static readonly IReadOnlyList<SettingsSection> Sections =
    [
        SettingsSection.Of<StoreOptions>("Store", "Where profiles are kept.", nameof(StoreOptions.Location)),
        SettingsSection.Of<ConsentOptions>("Consent", "What holds for a user who never said yes or no.", nameof(ConsentOptions.Default)),
        SettingsSection.Of<FoldOptions>("Fold", "How events become a profile."),
        SettingsSection.Of<HttpOptions>("Http", "Metrics, health and queries over HTTP."),
        SettingsSection.Of<LifetimeOptions>("Lifetime", "Start, readiness and drain."),
    ];
}
