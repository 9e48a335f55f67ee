using Ops.Kernels;
using Ops.Specs.Inference;

namespace Ops.Tensors;

/// <summary>Elements that lie in memory while a call is bound, for methods that would ask for them one by one.</summary>
internal interface IElementMemory
{
    /// <summary>The elements.</summary>
    Operand Memory { get; }

    /// <summary>The memory of an input; absent when its elements are not known, or known only one by one.</summary>
    static Operand Of(TensorType? input) => input?.Data is IElementMemory elements ? elements.Memory : Operand.Absent;
}
