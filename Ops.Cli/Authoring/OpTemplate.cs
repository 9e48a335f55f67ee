namespace Ops.Cli.Authoring;

/// <summary>A sound op to start from: its spec, and what its kernel does.</summary>
/// <param name="Pattern">The kernel pattern; <c>none</c> for an op that runs through its body.</param>
/// <param name="Help">What the example computes.</param>
/// <param name="Spec">The spec from <c>summary</c> on.</param>
/// <param name="Bodies">What each hand-written method does, by its name.</param>
internal sealed record OpTemplate(string Pattern, string Help, string Spec, IReadOnlyDictionary<string, string> Bodies)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<OpTemplate> All { get; } =
    [
        new("elementwise", "every element times a factor", """
            summary: Multiplies every element by a factor.
            types: { T: float_ir4 }
            inputs:
              - X: T[...d]
            outputs:
              - Y: T[...d]
            attributes:
              factor: float = 1
            docs:
              factor: what every element is multiplied by
            body: |
              Y = Mul (X, @factor)
            kernel: elementwise
            """, new Dictionary<string, string> { ["Apply"] = "=> V.Constant(args.factor) * X;" }),
        new("rows", "every row minus its mean", """
            summary: Subtracts from every row its mean.
            types: { T: float_ir4 }
            inputs:
              - X: T[...d, N]
            outputs:
              - Y: T[...d, N]
            docs:
              N: the length of a row
            body: |
              Y = Sub (X, ReduceMean (X, @[-1]))
            kernel: rows(N)
            """, new Dictionary<string, string> { ["Row"] = """
                V mean = V.Create(RowMath.Sum<V, T>(X)) / V.Constant(X.Length);
                RowMath.Add<V, T>(X, V.First(-mean), Y);
                """ }),
        new("reduce", "the sum of every row", """
            summary: Sums the elements along the last axis.
            types: { T: float_ir4 }
            inputs:
              - X: T[...d]
            outputs:
              - Y: T[...d[0:len(d) - 1]]
            let:
              last: '[len(d) - 1]'
            constraints:
              has-an-axis: len(d) >= 1
            docs:
              last: the axis that is summed over
            body: |
              Y = ReduceSum <keepdims = 0> (X, @last)
            kernel: reduce(X, last)
            """, new Dictionary<string, string>
        {
            ["Start"] = "=> V.Zero;",
            ["Absorb"] = "=> accumulator + x;",
            ["Merge"] = "=> a + b;",
            ["Finish"] = "=> accumulator;",
        }),
        new("contraction", "a matrix product", """
            summary: Multiplies two matrices.
            types: { T: float_ir4 }
            inputs:
              - A: T[M, K]
              - B: T[K, N]
            outputs:
              - Y: T[M, N]
            body: |
              Y = MatMul (A, B)
            kernel: contraction(M, N, K)
            """, new Dictionary<string, string> { ["Apply"] = "=> product;" }),
        new("attention", "softmax of scaled scores, times values", """
            summary: Scaled dot-product attention with grouped heads.
            types: { T: float_ir4 }
            inputs:
              - Q: T[B, Hq, L, E]
              - K: T[B, Hkv, S, E]
              - V: T[B, Hkv, S, Ev]
            outputs:
              - Y: T[B, Hq, L, Ev]
            attributes:
              scale: float = 1 / sqrt(E)
            constraints:
              heads-grouped: Hq % Hkv == 0
            docs:
              Hq: query heads; consecutive groups of Hq / Hkv of them share one key/value head
              scale: factor of the scores
            body: |
              Keys = Reshape (Expand (Unsqueeze (K, @[2]), @[B, Hkv, Hq / Hkv, S, E]), @[B, Hq, S, E])
              Values = Reshape (Expand (Unsqueeze (V, @[2]), @[B, Hkv, Hq / Hkv, S, Ev]), @[B, Hq, S, Ev])
              Scores = Mul (MatMul (Q, Transpose <perm = [0, 1, 3, 2]> (Keys)), @scale)
              Y = MatMul (Softmax <axis = -1> (Scores), Values)
            kernel: attention(Q, K, V)
            """,
            new Dictionary<string, string> { ["Compute"] =
                "=> new DenseAttention { Scale = args.scale }.Run<T, C>(\"OP\", Q, K, V, Operand.Absent, Y);" }),
        new("manual", "a copy", """
            summary: Copies its input.
            types: { T: float_ir4 }
            inputs:
              - X: T[...d]
            outputs:
              - Y: T[...d]
            body: |
              Y = Identity (X)
            kernel: manual
            """, new Dictionary<string, string> { ["Compute"] = """
                long bytes = X.Length * X.Type.Bits() / 8;
                Buffer.MemoryCopy(X.Data, Y.Data, bytes, bytes);
                """ }),
        new("none", "every element times itself, by other ops", """
            summary: Squares every element.
            types: { T: float_ir4 }
            inputs:
              - X: T[...d]
            outputs:
              - Y: T[...d]
            body: |
              Y = Mul (X, X)
            """, new Dictionary<string, string>()),
    ];
}
