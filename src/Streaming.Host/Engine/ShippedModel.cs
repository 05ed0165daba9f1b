using Streaming.Onnx;

namespace Streaming.Host.Engine;

/// <summary>The ranker that comes with the program, used where the settings name none.</summary>
internal static class ShippedModel
{
    /// <summary>Folder of the shipped ranker.</summary>
    public static string Folder => Path.Combine(AppContext.BaseDirectory, "models", "ranker");

    /// <summary>The options with a folder; unchanged where nothing is shipped.</summary>
    public static OnnxScorerOptions OrConfigured(OnnxScorerOptions options) =>
        options.ModelFolder.Length == 0 && Directory.Exists(Folder) ? options with { ModelFolder = Folder } : options;
}
