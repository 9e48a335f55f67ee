using Ops.Specs;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.OnnxRuntime;

/// <summary>A tensor as the library knows it: either a view of a <see cref="TensorValue"/>, or memory of the library's own.</summary>
internal sealed unsafe class OrtValue : IDisposable
{
    // Its memory is the tensor's, so the tensor must stay.
    private readonly TensorValue? viewed;
    private void* handle;

    /// <summary>Takes over a value that the library made.</summary>
    public OrtValue(void* handle) => this.handle = handle;

    /// <summary>A view of a tensor; nothing is copied.</summary>
    /// <exception cref="OpException">The library cannot view such a tensor.</exception>
    public OrtValue(TensorValue tensor)
    {
        if (tensor.Type == ElementType.String)
            throw new OpException("ONNX Runtime", "tensor", "tensors of strings cannot be handed over");
        OrtApi api = OrtLibrary.Api;
        void* made;
        fixed (long* dims = tensor.Dims)
            api.Check(api.CreateTensorWithDataAsOrtValue(OrtEnvironment.Shared.Memory, tensor.Pointer, (nuint)tensor.ByteCount, dims,
                (nuint)tensor.Dims.Length, (int)tensor.Type, &made), "tensor");
        handle = made;
        viewed = tensor;
    }

    /// <summary>Frees what was not disposed.</summary>
    ~OrtValue() => Free();

    /// <summary>The handle.</summary>
    public void* Handle => handle is not null ? handle : throw new ObjectDisposedException(nameof(OrtValue));

    /// <summary>A tensor with these elements: the viewed one, or a copy.</summary>
    /// <exception cref="OpException">It is not a tensor of numbers.</exception>
    public TensorValue ToTensor()
    {
        if (viewed is not null)
            return viewed;
        OrtApi api = OrtLibrary.Api;
        int isTensor;
        api.Check(api.IsTensor(Handle, &isTensor), "output");
        if (isTensor == 0)
            throw new OpException("ONNX Runtime", "output", "it is not a tensor");
        var (type, dims) = TypeAndDims(api);
        if (type == ElementType.String)
            throw new OpException("ONNX Runtime", "output", "tensors of strings cannot be handed over");
        TensorValue tensor = TensorValue.Allocate(type, dims);
        void* data;
        api.Check(api.GetTensorMutableData(Handle, &data), "output");
        new ReadOnlySpan<byte>(data, tensor.ByteCount).CopyTo(tensor.Bytes);
        GC.KeepAlive(this);
        return tensor;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private (ElementType Type, long[] Dims) TypeAndDims(OrtApi api)
    {
        void* info;
        api.Check(api.GetTensorTypeAndShape(Handle, &info), "output");
        try
        {
            int type;
            nuint rank;
            api.Check(api.GetTensorElementType(info, &type), "output");
            api.Check(api.GetDimensionsCount(info, &rank), "output");
            var dims = new long[rank];
            fixed (long* d = dims)
                api.Check(api.GetDimensions(info, d, rank), "output");
            return ((ElementType)type, dims);
        }
        finally
        {
            api.ReleaseTensorTypeAndShapeInfo(info);
        }
    }

    private void Free()
    {
        if (handle is not null)
            OrtLibrary.Api.ReleaseValue(handle);
        handle = null;
    }
}
