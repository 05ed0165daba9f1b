using Microsoft.ML.OnnxRuntime;
using Streaming.Core.Errors;

namespace Streaming.Onnx;

/// <summary>Loads a ranker: reads the folder, checks the contract, opens the session, warms it up. Whatever fails, nothing native is left behind.</summary>
public static class ModelLoader
{
    /// <summary>Loads the model of a folder.</summary>
    /// <param name="folder">Folder with <c>manifest.json</c> and the model's file.</param>
    /// <param name="options">Provider, threads and batch size.</param>
    /// <exception cref="ModelRefusedException">Says which part of the contract does not hold.</exception>
    public static LoadedModel Load(string folder, OnnxScorerOptions options)
    {
        var full = Path.GetFullPath(folder);
        var read = ModelFolder.Read(full, options.SigningKeyFile);
        RankerContract.CheckManifest(read.Manifest);
        var files = new PrivateFiles(read.ExternalData);
        InferenceSession? session = null;
        LoadedModel? model = null;
        try
        {
            (session, var provider, var note) = SessionFactory.Open(read.Model, files.Path, options);
            var matrix = RankerContract.CheckSession(session, read.Manifest);
            model = new LoadedModel(session, files, read.Manifest, provider, note, matrix, options.MaxBatchRows);
            WarmUp(model);
            files.Mapped();
            return model;
        }
        catch (OnnxRuntimeException e)
        {
            Discard(session, model, files);
            throw new ModelRefusedException($"the model failed its warm-up: {e.Message}", e);
        }
        catch
        {
            Discard(session, model, files);
            throw;
        }
    }

    /// <summary>One row and a full batch: the first runs allocate and pick kernels, which no user should wait for.</summary>
    private static void WarmUp(LoadedModel model)
    {
        model.Run(1);
        model.Run(model.MaxRows);
        model.Run(model.MaxRows);
    }

    private static void Discard(InferenceSession? session, LoadedModel? model, PrivateFiles files)
    {
        if (model is null) session?.Dispose();
        else model.Dispose();
        files.Dispose();
    }
}
