namespace Streaming.Training.Uplift;

/// <summary>What <c>train uplift</c> does.</summary>
public sealed record TrainUpliftOptions
{
    /// <summary>The trial, and how it is evaluated out of fold before the model of all of it is fitted.</summary>
    public required UpliftOptions Trial { get; init; }
    /// <summary>Folder for <c>effects.json</c> and <c>manifest.json</c>.</summary>
    public required string OutputFolder { get; init; }
    /// <summary>Name of the model.</summary>
    public string Name { get; init; } = "uplift";
    /// <summary>The command as typed, for the manifest.</summary>
    public string? Command { get; init; }

    /// <summary>Every error at once, each beginning with the option's name.</summary>
    public IEnumerable<string> Validate()
    {
        if (string.IsNullOrWhiteSpace(OutputFolder)) yield return "Out must name a folder";
        if (string.IsNullOrWhiteSpace(Name)) yield return $"{nameof(Name)} is empty";
        foreach (var error in Trial.Validate()) yield return error;
    }
}
