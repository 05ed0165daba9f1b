namespace Streaming.Onnx;

/// <summary>Where a model runs.</summary>
public enum ExecutionProvider
{
    /// <summary>The first of cuda and webgpu that this build and machine really have, else the CPU. What it came to is reported.</summary>
    Auto,
    /// <summary>NVIDIA GPU through CUDA.</summary>
    Cuda,
    /// <summary>NVIDIA GPU through TensorRT; building its engine can take minutes at the first load, so <see cref="Auto"/> never picks it.</summary>
    TensorRt,
    /// <summary>Any GPU through WebGPU.</summary>
    WebGpu,
    /// <summary>The CPU.</summary>
    Cpu,
}
